from collections.abc import Iterator

import pytest

from tests.policy.batch.tables import ENGINES, engine_or_skip
from tidu.policy.batch.engines import Engine


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    found = engine_or_skip(request.param)
    yield found
    if request.param == "spark":
        from pyspark.sql import SparkSession

        session = SparkSession.getActiveSession()
        if session is not None:
            session.stop()
