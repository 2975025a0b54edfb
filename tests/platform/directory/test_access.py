import pytest
from sqlalchemy.orm import Session

from comity.core.actor import Actor, PostRef
from comity.core.errors import NotFound
from comity.directory import services
from comity.directory.access import may_consult, may_view_directory

POST = PostRef(1, "Desk officer", 7, "Ministry", "AT", "Europe/Vienna")
OFFICER = Actor(1, "A", "en", "UTC", (POST,))
ORGANISER = Actor(2, "B", "en", "UTC")


@pytest.mark.parametrize(("actor", "may"), [(None, False), (OFFICER, True), (ORGANISER, True)])
def test_the_directory_is_for_people_who_are_signed_in(actor: Actor | None, may: bool) -> None:
    assert may_view_directory(actor) is may


@pytest.mark.parametrize(
    ("actor", "authority", "may"), [(None, 8, False), (OFFICER, 8, True), (OFFICER, 7, False), (ORGANISER, 8, False)]
)
def test_a_consultation_is_between_two_authorities(actor: Actor | None, authority: int, may: bool) -> None:
    assert may_consult(actor, authority) is may


def test_services_refuse_before_they_read() -> None:
    with pytest.raises(NotFound):
        services.all_states(Session(), None)  # type: ignore[arg-type]
