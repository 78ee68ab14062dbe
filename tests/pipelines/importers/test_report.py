from pipelines.importers.report import ImportReport


def test_a_report_reads_as_counts_and_then_what_must_be_known():
    assert str(ImportReport({"sales": 3, "plans": 4})) == "sales: 3, plans: 4"
    assert str(ImportReport({"sales": 3}, ("one left out",)).noting("days assumed")) == (
        "sales: 3\nnote: one left out\nnote: days assumed"
    )
