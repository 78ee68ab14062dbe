import pytest


@pytest.mark.parametrize(
    ("required", "expected"),
    [
        ("duckdb>=2.0", []),
        ("duckdb>=2.0.2", ["versions.too_old"]),
        ("duckdb==2.*", []),
        ("nowhere>=1", ["versions.missing"]),
        ("nowhere>=1; extra == 'dev'", []),  # of an extra that nobody asked for
        ("nowhere>=1; sys_platform == 'os2'", []),
        ("this is no requirement", []),
    ],
)
def test_bounds_are_those_of_the_package(ward, required, expected):
    ward.equip(requirements=lambda: [required])
    assert [one.id for one in ward.of("versions")] == expected


def test_how_to_mend_is_a_command(ward):
    ward.equip(requirements=lambda: ["duckdb>=2.5"])
    assert ward.of("versions")[0].how == "run: pip install 'duckdb>=2.5'"


def test_without_the_webserver_there_is_nothing_to_compare(ward):
    ward.equip(requirements=list, version={"dagster": "1.13.3"}.get)
    assert ward.of("versions") == []
