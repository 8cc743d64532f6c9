"""ZSE-SBIR with clusters, as its document has it: the relation network ranks clusters, then pictures."""

from typing import ClassVar, Self

from torch import Tensor

from stnet.checkpoint import LoadedModel
from stnet.systems.clusters import NUMBERS, ClusterSearch, cluster_numbers
from stnet.systems.interface import Modality, Options, refuse_unknown
from stnet.systems.zse.system import Zse

EVERY_PICTURE = 10**9  # of those that it is shown the relation network orders all


class ZseClusters(ClusterSearch):
    """Pictures are clustered by their retrieval tokens (the document: by CLIP's vectors)."""

    asks: ClassVar[tuple[Modality, ...]] = Zse.asks
    searches_galleries: ClassVar[bool] = False

    @classmethod
    def build(cls, loaded: LoadedModel, options: Options) -> Self:
        """`trained`: ZSE-SBIR's folder; `clusters`, `searched` and `seed` as for ClusterSearch."""
        refuse_unknown(options, ("trained", *NUMBERS))
        inner = Zse.build(loaded, {"trained": options.get("trained"), "related": EVERY_PICTURE})
        return cls(inner, **cluster_numbers(options))

    def vectors(self, searched: Tensor) -> Tensor:
        return searched[:, 0]
