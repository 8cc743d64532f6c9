"""No cluster without tokens, and a word about what is wrong where there is none."""

import os

import pytest

from stnet.serve.cluster import CLUSTER_TOKEN, TOKEN_MODE, joined


def test_a_cluster_without_tokens_is_refused(monkeypatch):
    monkeypatch.setenv(TOKEN_MODE, "disabled")
    with pytest.raises(ValueError, match=f"{TOKEN_MODE} must be token"), joined(None, None):
        pass
    assert CLUSTER_TOKEN not in os.environ
