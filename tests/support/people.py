"""The demonstration's people whom tests act as."""

AUSTRIA = "anton.muster@justice.at.example"
THAILAND = "somsri.tuayang@attorney.th.example"
KENYA = "amina.mfano@statelaw.ke.example"
JORDAN = "layla.mithal@justice.jo.example"
SECRETARIAT = "secretariat@comity.example"
