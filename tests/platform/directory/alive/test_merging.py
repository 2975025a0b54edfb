from hypothesis import given
from hypothesis import strategies as st

from comity.directory import fields
from comity.directory.alive.merging import Standing, changed, merge

NAMES = [field.name for field in fields.EDITABLE[:6]]
RECORDS = st.fixed_dictionaries({name: st.sampled_from(["a", "b", "c"]) for name in NAMES})


@given(RECORDS, RECORDS, RECORDS)
def test_a_field_is_in_conflict_only_where_both_sides_changed_it_differently(
    base: dict[str, str], wanted: dict[str, str], now: dict[str, str]
) -> None:
    before, after = changed(fields.EDITABLE, base, wanted)
    assert set(after) == {name for name in NAMES if base[name] != wanted[name]}
    found = {one.field.name: one.standing for one in merge(fields.EDITABLE, before, after, now)}
    assert set(found) == set(after)
    for name, standing in found.items():
        assert (standing is Standing.ALREADY) == (now[name] == wanted[name])
        assert (standing is Standing.CONFLICT) == (now[name] not in (base[name], wanted[name]))


@given(RECORDS, RECORDS)
def test_nothing_is_in_conflict_on_the_version_it_is_based_on(base: dict[str, str], wanted: dict[str, str]) -> None:
    before, after = changed(fields.EDITABLE, base, wanted)
    assert all(one.standing is Standing.CLEAN for one in merge(fields.EDITABLE, before, after, base))
    assert base | after == wanted
