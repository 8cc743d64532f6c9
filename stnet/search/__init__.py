"""Search a gallery by a sketch, words, or both: `SearchEngine.from_pretrained(...).search(...)`."""

from stnet.search.engine import SearchEngine
from stnet.search.results import SearchError, SearchResponse, SearchResult

__all__ = ["SearchEngine", "SearchError", "SearchResponse", "SearchResult"]
