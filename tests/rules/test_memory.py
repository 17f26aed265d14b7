"""What is remembered of records: by being the same, not by being equal."""

from dataclasses import dataclass

from rules.memory import remembered


@dataclass(frozen=True)
class Record:
    name: str


def test_equal_records_are_told_apart_and_the_oldest_is_forgotten() -> None:
    asked: list[Record] = []

    @remembered(2)
    def name_of(record: Record) -> str:
        asked.append(record)
        return record.name

    first, second, third = Record("a"), Record("a"), Record("b")

    assert [name_of(each) for each in (first, first, second, third, first)] == ["a", "a", "a", "b", "a"]
    assert [id(each) for each in asked] == [id(each) for each in (first, second, third, first)]
