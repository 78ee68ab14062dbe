import os

from models.forecasting.batched_prophet.compiled import compiled, drop_stale


def double(x: float) -> float:
    """Twice."""
    return 2 * x


def test_a_compiled_function_gives_the_same_answer():
    assert compiled(double)(21.0) == 42.0


def test_without_a_folder_to_keep_it_in_it_is_compiled_all_the_same(monkeypatch):
    made = []

    def refuse(cache=False, **options):
        if cache:
            raise RuntimeError("no locator available")
        made.append(options)
        return lambda function: function

    monkeypatch.setattr("models.forecasting.batched_prophet.compiled.njit", refuse)
    assert compiled(double) is double
    assert len(made) == 1


def test_code_kept_before_a_change_of_any_loop_is_thrown_away(tmp_path):
    changed, caller = tmp_path / "inner", tmp_path / "outer" / "__pycache__"
    changed.mkdir()
    caller.mkdir(parents=True)
    (changed / "a.py").write_text("@compiled")
    for name, age in (("old.nbi", -10), ("new.nbi", 10)):
        (caller / name).write_text("")
        stamp = (changed / "a.py").stat().st_mtime + age
        os.utime(caller / name, (stamp, stamp))
    (changed / "a.py").write_text("nothing compiled here")
    assert drop_stale(tmp_path) == 0
    (changed / "a.py").write_text("@compiled")
    os.utime(changed / "a.py", (stamp - 10, stamp - 10))
    assert drop_stale(tmp_path) == 1
    assert [file.name for file in caller.iterdir()] == ["new.nbi"]
