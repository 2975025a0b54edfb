"""Cards as address books read them: parsed by `vobject`, folded by octets, escaped, in both versions."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from comity.directory.printed.vcards import Card, Number, Version, escaped, fold, write

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
NATIVE = "中华人民共和国司法部国际合作局;司法, 协助中心" * 4
ORGANIZATION = Card(
    uid="urn:uuid:1", name=NATIVE, latin="Ministry of Justice; International, Office", language="zh", revised=NOW,
    is_organization=True, organization=("Ministry", "Office, of cooperation"),
    numbers=(Number("+86 10 8302 5000", ("work", "voice")), Number("+86 10 8302 5001", ("work", "fax"))),
    emails=("mla@moj.cn.example",), address="6 Nandajie, Chaoyangmen\\Beijing", country="China",
    web="https://moj.cn.example/a?b=1", languages=("zh", "en"), zone="Asia/Shanghai",
    source="https://comity.example/directory/authorities/1", categories=("Comity", "China"),
)  # fmt: skip
PERSON = Card(
    uid="urn:uuid:2", name="Сергей Пример", latin="Sergey Primer", language="ru", revised=NOW, is_organization=False,
    organization=("Prosecutor General",), title="Head; desk", emails=("a@b.example",), languages=("ru",),
)  # fmt: skip


def unfolded(content: bytes) -> list[str]:
    return content.replace(b"\r\n ", b"").decode().split("\r\n")


@pytest.mark.parametrize("version", Version)
def test_a_parser_finds_every_property_of_an_organization(version: Version) -> None:
    card = vobject.readOne(write([ORGANIZATION], version).decode())
    assert card.version.value == version.value
    assert card.fn.value == NATIVE
    assert card.org.value == ["Ministry", "Office, of cooperation"]
    assert [tel.value.removeprefix("tel:").replace("-", " ") for tel in card.tel_list] == [
        "+86 10 8302 5000", "+86 10 8302 5001"
    ]  # fmt: skip
    assert card.email.value == "mla@moj.cn.example"
    assert card.adr.value.street == "6 Nandajie, Chaoyangmen\\Beijing"
    assert card.adr.value.country == "China"
    assert card.url.value == "https://moj.cn.example/a?b=1"
    assert card.rev.value == "20261123T090000Z"
    assert card.uid.value == "urn:uuid:1"
    assert card.tz.value == "Asia/Shanghai"


def test_version_4_says_what_it_is_and_gives_the_latin_name_as_an_alternative() -> None:
    card = vobject.readOne(write([ORGANIZATION], Version.V4).decode())
    assert card.kind.value == "org"
    assert [one.value for one in card.fn_list] == [NATIVE, "Ministry of Justice; International, Office"]
    assert {one.params["ALTID"][0] for one in card.fn_list} == {"1"}
    assert [one.value for one in card.lang_list] == ["zh", "en"]
    assert card.tel.params["TYPE"] == ["work,voice"] or card.tel.params["TYPE"] == ["work", "voice"]


def test_version_3_has_a_name_in_parts_and_the_latin_form_beside_it() -> None:
    lines = unfolded(write([ORGANIZATION], Version.V3))
    assert any(line.startswith("N;LANGUAGE=zh:") for line in lines)
    assert "X-LATIN-NAME:Ministry of Justice\\; International\\, Office" in lines
    card = vobject.readOne(write([PERSON], Version.V3).decode())
    assert (card.n.value.family, card.n.value.given) == ("Пример", "Сергей")
    assert card.title.value == "Head; desk"


@pytest.mark.parametrize("version", Version)
def test_many_cards_are_one_file(version: Version) -> None:
    assert len(list(vobject.readComponents(write([ORGANIZATION, PERSON], version).decode()))) == 2


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=300))
def test_a_line_is_folded_by_octets_and_never_within_a_character(text: str) -> None:
    lines = fold(f"NOTE:{text}").removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert all(line.startswith(b" ") for line in lines[1:])
    assert "".join(line.decode()[bool(place) :] for place, line in enumerate(lines)) == f"NOTE:{text}"


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n;,\\"), max_size=80))
def test_no_value_begins_a_line_of_its_own(text: str) -> None:
    card = Card("u", text, "", "en", NOW, is_organization=True, organization=(text,), address=text, country="X")
    for version in Version:
        names = [line.partition(":")[0].partition(";")[0] for line in unfolded(write([card], version))]
        assert set(names) <= {
            "BEGIN", "VERSION", "UID", "KIND", "FN", "N", "ORG", "ADR", "REV", "END", "X-ABSHOWAS", ""
        }  # fmt: skip
    assert "\n" not in escaped(text)
