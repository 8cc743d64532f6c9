"""Fixed suites of scenes and queries: scenes-1k, scenes-5k, scenes-open, shapes and the demo's gallery."""

from stnet.data.suites.composed import SUITES, Query, SceneSuite, export, scene_suite, suite_objects

__all__ = ["SUITES", "Query", "SceneSuite", "export", "scene_suite", "suite_objects"]
