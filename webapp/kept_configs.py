"""What Gradio tells a browser of a page's components, worked out once instead of for every session.

Gradio describes each component anew whenever a session begins, and a call over HTTP that names none begins
one: of a page with long scripts that takes more time than the search.
"""

from typing import Any, NamedTuple

from gradio.blocks import Block, BlocksConfig
from gradio.renderable import Renderable


class Kept(NamedTuple):
    """What a component's attributes were, and how it was described then."""

    attributes: dict[str, Any]
    config: dict[str, Any]


class KeptConfigs(BlocksConfig):
    """A page's components. Every session has a copy, and what is kept of the page's own is shared."""

    def __init__(self, before: BlocksConfig, kept: dict[int, Kept] | None = None) -> None:
        """In the place of `before`."""
        super().__init__(before.root_block)
        self.blocks, self.fns, self.fn_id = dict(before.blocks), dict(before.fns), before.fn_id
        self.renderables = list(before.renderables)
        self._kept: dict[int, Kept] = {} if kept is None else kept

    def __copy__(self) -> "KeptConfigs":
        return KeptConfigs(self, self._kept)

    def config_for_block(
        self, _id: int, rendered_ids: list[int], block: Block, renderable: Renderable | None = None
    ) -> dict[str, Any]:
        """Gradio's own, kept for a component of the page until one of its attributes is another object."""
        if renderable or self.root_block.blocks.get(_id) is not block:
            return BlocksConfig.config_for_block(_id, rendered_ids, block, renderable)
        kept, attributes = self._kept.get(_id), vars(block)
        if kept is None or not _same(kept.attributes, attributes):
            kept = Kept(dict(attributes), BlocksConfig.config_for_block(_id, rendered_ids, block))
            self._kept[_id] = kept
        return {**kept.config, "props": dict(kept.config["props"])}  # a session writes values into them


def _same(before: dict[str, Any], now: dict[str, Any]) -> bool:
    return len(before) == len(now) and all(now.get(name) is value for name, value in before.items())
