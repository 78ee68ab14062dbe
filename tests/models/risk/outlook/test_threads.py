import sklearn.ensemble  # noqa: F401 - loads the libraries whose threads are counted
from threadpoolctl import threadpool_info

from models.risk.outlook.threads import one_thread


def test_libraries_work_alone_while_it_lasts():
    before = [one["num_threads"] for one in threadpool_info()]
    with one_thread():
        assert {one["num_threads"] for one in threadpool_info()} == {1}
    assert [one["num_threads"] for one in threadpool_info()] == before
