"""Pseudo words among words: a frozen text transformer, read from embeddings instead of tokens."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.model.towers.text import MeanPooledText, mean_pooled


class FrozenText:
    """T_w and T_t of Duet: a checkpoint's word embeddings and its text transformer. d is their width.

    There T_t is CLIP's, read at its end token; here the checkpoint's, read as it was trained to be, by the
    mean over its tokens. Gradients reach what is put in, never its weights.
    """

    def __init__(self, model: STNetModel, processor: STNetProcessor) -> None:
        """Raises ValueError if the text tower can't be read from embeddings."""
        tower = model.text_tower
        if not isinstance(tower, MeanPooledText):
            raise ValueError("duet needs a text tower that averages its tokens: this checkpoint's doesn't")
        self.tower, self.processor = tower.requires_grad_(False), processor
        self.positions: int = tower.encoder.config.max_position_embeddings

    @property
    def words(self) -> nn.Embedding:
        """T_w, (vocabulary, d)."""
        found = self.tower.encoder.get_input_embeddings()
        assert isinstance(found, nn.Embedding)
        return found

    def before_words(self, pseudo: Tensor, texts: Sequence[str] | None) -> Tensor:
        """T_t([pseudo; T_w(text)]). Words that don't fit are cut off.

        Args:
            pseudo: (q, k, d), what stands for words, in order; k may be 0.
            texts: q texts; None for no words.

        Returns:
            (q, d)
        """
        count, inserted, _ = pseudo.shape
        ids, mask = self.processor.text_batch([""] * count if texts is None else texts)
        ids, mask = shortened(ids, mask, self.positions - inserted)
        ids, mask = ids.to(pseudo.device), mask.to(pseudo.device)
        embedded = self.words(ids)  # a token that begins a text comes first
        whole = torch.cat([embedded[:, :1], pseudo, embedded[:, 1:]], dim=1)
        return self._read(whole, torch.cat([mask[:, :1], mask.new_ones(count, inserted), mask[:, 1:]], dim=1))

    def after_prompt(self, prompt: str, pseudo: Tensor) -> Tensor:
        """T_t([T_w(prompt); pseudo]). (q, k, d) -> (q, d)"""
        count, inserted, _ = pseudo.shape
        ids, mask = shortened(*self.processor.text_batch([prompt]), self.positions - inserted)
        embedded = self.words(ids.to(pseudo.device)).expand(count, -1, -1)
        whole = torch.cat([embedded[:, :-1], pseudo, embedded[:, -1:]], dim=1)  # the end token comes last
        return self._read(whole, mask.new_ones(whole.shape[:2]).to(pseudo.device))

    def _read(self, embedded: Tensor, mask: Tensor) -> Tensor:
        hidden = self.tower.encoder(inputs_embeds=embedded, attention_mask=mask).last_hidden_state
        return mean_pooled(hidden, mask)


def shortened(ids: Tensor, mask: Tensor, longest: int) -> tuple[Tensor, Tensor]:
    """Texts of at most `longest` tokens, the last of each still the one that ends it. (q, L), (q, L)"""
    if ids.shape[1] <= longest:
        return ids, mask
    lengths = mask.sum(1)
    ends = ids.gather(1, lengths[:, None] - 1)[:, 0]
    ids = ids[:, :longest].clone()
    ids[lengths > longest, -1] = ends[lengths > longest]
    return ids, mask[:, :longest]
