import pytest


@pytest.mark.parametrize(
    ("free", "expected"), [(5.0, []), (4.99, ["warning"]), (0.5, ["warning"]), (0.49, ["error"]), (0.0, ["error"])]
)
def test_free_space_against_both_limits(ward, free, expected):
    ward.equip(free_bytes=lambda _: free * 1e9)
    assert [one.severity for one in ward.of("storage")] == expected


def test_limits_are_policy(ward):
    (ward.home / "policy" / "doctor.yaml").write_text("disk: {warning_gb: 500, error_gb: 200}\n", encoding="utf-8")
    assert [one.severity for one in ward.of("storage")] == ["error"]  # 100 GB are free


def test_each_closed_folder_is_named(ward):
    ward.equip(writable=lambda _: False)
    found = {one.where for one in ward.of("storage")}
    assert str(ward.home) in found
    assert str(ward.home / "lake") in found


@pytest.mark.parametrize(("memory", "count"), [(1.0, 0), (0.99, 1)])
def test_memory_of_the_engine(ward, memory, count):
    ward.equip(engine_bytes=lambda: memory * 1e9)
    assert len(ward.of("storage")) == count
