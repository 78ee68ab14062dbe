from pipelines.doctor.finding import Finding, in_order


def finding(severity, name="a.b", where=""):
    return Finding(name, severity, "what", where, "how")


def test_the_gravest_comes_first_then_the_subject_and_the_place():
    errors = [finding("error", "z.z"), finding("error", "b.b", "2"), finding("error", "b.b", "1")]
    given = [finding("hint"), *errors, finding("warning")]
    ordered = [(one.severity, one.id, one.where) for one in in_order(given)]
    assert ordered == [("error", "b.b", "1"), ("error", "b.b", "2"), ("error", "z.z", ""), ("warning", "a.b", ""),
                       ("hint", "a.b", "")]  # fmt: skip


def test_a_finding_is_a_plain_mapping_for_scripts():
    assert finding("hint").as_dict() == {"id": "a.b", "severity": "hint", "what": "what", "where": "", "how": "how"}
