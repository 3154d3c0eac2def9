from __future__ import annotations

from playground.keeping.names import BATCH, Names


def test_a_name_is_in_it_once_and_an_empty_one_never() -> None:
    with Names() as names:
        names.add(["b", "a", "", "b"])
        names.add(["a", "ü"])
        assert list(names) == ["a", "b", "ü"]
        assert len(names) == 3
        assert "a" in names
        assert "c" not in names


def test_more_than_a_batch_come_out_whole_though_some_are_added_meanwhile() -> None:
    every = [f"{number:06}" for number in range(2 * BATCH + 1)]
    with Names() as names:
        names.add(every)
        seen = []
        for name in names:
            seen.append(name)
            names.add([name])
        assert seen == every
