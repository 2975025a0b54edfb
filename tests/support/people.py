"""The demonstration's people whom tests act as: addresses, and names where a page shows them."""

AUSTRIA = "anton.muster@justice.at.example"
THAILAND = "somsri.tuayang@attorney.th.example"
KENYA = "amina.mfano@statelaw.ke.example"
JORDAN = "layla.mithal@justice.jo.example"
SECRETARIAT = "secretariat@comity.example"

ANTON = "Anton Muster"
SOMSRI = "Somsri Tuayang"
