"""Every loss against slow loops, closed forms and values worked out by hand."""

import math

import pytest
import torch
import torch.nn.functional as F

from stnet.training.losses import (
    attention_to_object,
    box_regression,
    classification,
    contrastive,
    feature_distillation,
    focal,
    generalized_iou,
    recognition,
    reconstruction,
)


def random_logits(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def slow_contrastive(logits, positives):
    """Both sides of the multi-positive InfoNCE, number by number in float64."""

    def side(rows, hits):
        losses = []
        for row, hit in zip(rows.tolist(), hits.tolist(), strict=True):
            if any(hit):
                normalizer = math.log(sum(math.exp(value) for value in row))
                terms = [normalizer - value for value, positive in zip(row, hit, strict=True) if positive]
                losses.append(sum(terms) / len(terms))
        return sum(losses) / len(losses) if losses else 0.0

    return (side(logits.double(), positives) + side(logits.double().T, positives.T)) / 2


def test_contrastive_of_equal_logits_is_the_logarithm_of_the_choices():
    positives = torch.eye(8).bool()
    assert contrastive(torch.zeros(8, 8), positives).item() == pytest.approx(math.log(8), rel=1e-6)
    assert contrastive(torch.full((8, 8), 3.7), positives).item() == pytest.approx(math.log(8), rel=1e-6)


def test_contrastive_with_one_positive_is_clips_loss():
    logits, labels = random_logits(6, 6), torch.tensor([3, 1, 0, 5, 2, 4])
    expected = (F.cross_entropy(logits, labels) + F.cross_entropy(logits.T, labels.argsort())) / 2
    assert torch.allclose(contrastive(logits, F.one_hot(labels, 6).bool()), expected)


@pytest.mark.parametrize("shape", [(6, 6), (7, 4), (3, 9)])
def test_contrastive_with_any_positives_agrees_with_loops(shape):
    logits = random_logits(*shape)
    positives = random_logits(*shape, seed=1) > 0.6
    positives[0] = False  # a query without a picture
    positives[:, 1] = False  # a picture that nothing asks for
    positives[1, 0] = positives[1, 2] = True
    assert contrastive(logits, positives).item() == pytest.approx(
        slow_contrastive(logits, positives), rel=1e-5
    )


@pytest.mark.parametrize("smoothing", [0.2, 0.7])
def test_smoothed_labels_agree_with_loops(smoothing):
    logits, positives = random_logits(5, 4).double(), random_logits(5, 4, seed=1) > 0.3
    positives[0] = False

    def side(rows, hits):
        losses = []
        for row, hit in zip(rows, hits, strict=True):
            if hit.any():
                target = (1 - smoothing) * hit / hit.sum() + smoothing / len(row)
                losses.append(-(target * row.log_softmax(0)).sum())
        return sum(losses) / len(losses)

    expected = (side(logits, positives) + side(logits.T, positives.T)) / 2
    assert contrastive(logits, positives, smoothing).item() == pytest.approx(expected.item())


def test_smoothed_labels_of_one_positive_are_torch_s():
    logits, labels = random_logits(6, 6), torch.tensor([3, 1, 0, 5, 2, 4])
    both = ((logits, labels), (logits.T, labels.argsort()))
    expected = sum(F.cross_entropy(rows, own, label_smoothing=0.2) for rows, own in both) / 2
    assert torch.allclose(contrastive(logits, F.one_hot(labels, 6).bool(), 0.2), expected)


def test_no_smoothing_is_the_loss_without_it_to_the_last_bit():
    logits, positives = random_logits(7, 9), random_logits(7, 9, seed=1) > 0.5

    def today(rows, hits):
        count = hits.sum(-1)
        log_probability = (rows.log_softmax(-1) * hits).sum(-1) / count.clamp_min(1)
        return -log_probability.sum() / (count > 0).sum().clamp_min(1)

    expected = (today(logits, positives) + today(logits.T, positives.T)) / 2
    assert torch.equal(contrastive(logits, positives, 0.0), expected)
    assert torch.equal(contrastive(logits, positives), expected)


@pytest.mark.parametrize("smoothing", [-0.1, 1.0])
def test_smoothing_has_a_range(smoothing):
    with pytest.raises(ValueError, match="label_smoothing must be in"):
        contrastive(torch.zeros(2, 2), torch.eye(2).bool(), smoothing)


def test_contrastive_without_positives_is_zero_with_finite_gradients():
    logits = random_logits(4, 5).requires_grad_()
    loss = contrastive(logits, torch.zeros(4, 5, dtype=torch.bool))
    loss.backward()
    assert loss.item() == 0
    assert torch.equal(logits.grad, torch.zeros(4, 5))


def test_contrastive_refuses_shapes_that_differ():
    with pytest.raises(ValueError, match=r"logits \(4, 5\) and positives \(5, 4\) must match"):
        contrastive(torch.zeros(4, 5), torch.zeros(5, 4, dtype=torch.bool))


def test_classification_leaves_out_minus_one():
    logits, labels = random_logits(2, 3, 5), torch.tensor([[0, -1, 4], [-1, 2, 2]])
    kept = torch.stack([logits[0, 0], logits[0, 2], logits[1, 1], logits[1, 2]])
    expected = F.cross_entropy(kept, torch.tensor([0, 4, 2, 2]))
    assert torch.allclose(classification(logits, labels), expected)


def test_classification_weighs_classes():
    logits, labels = random_logits(3, 2), torch.tensor([0, 1, 1])
    weight = torch.tensor([1.0, 0.25])
    each = F.cross_entropy(logits, labels, reduction="none")
    expected = (each * weight[labels]).sum() / weight[labels].sum()
    assert torch.allclose(classification(logits, labels, weight), expected)


def test_classification_of_nothing_is_zero_with_finite_gradients():
    logits = random_logits(3, 5).requires_grad_()
    loss = classification(logits, torch.full((3,), -1))
    loss.backward()
    assert loss.item() == 0
    assert torch.equal(logits.grad, torch.zeros(3, 5))


def test_focal_without_focus_is_the_binary_cross_entropy_per_positive():
    logits = random_logits(4, 6)
    targets = random_logits(4, 6, seed=1) > 0.5
    total = F.binary_cross_entropy_with_logits(logits, targets.float(), reduction="sum")
    assert torch.allclose(focal(logits, targets, gamma=0.0), total / targets.sum())


def test_focal_agrees_with_loops():
    logits, targets = random_logits(9), random_logits(9, seed=1) > 0
    total = 0.0
    for logit, target in zip(logits.double().tolist(), targets.tolist(), strict=True):
        probability = 1 / (1 + math.exp(-logit))
        right = probability if target else 1 - probability
        total += (1 - right) ** 2 * -math.log(right)
    assert focal(logits, targets).item() == pytest.approx(total / int(targets.sum()), rel=1e-5)


def test_focal_hardly_counts_easy_negatives():
    easy, hard = torch.tensor([-4.0]), torch.tensor([4.0])
    negative = torch.zeros(1, dtype=torch.bool)
    plain = focal(hard, negative, gamma=0.0) / focal(easy, negative, gamma=0.0)
    assert focal(hard, negative) / focal(easy, negative) > 1000 * plain


def test_focal_leaves_out_what_nobody_knows():
    logits, targets = random_logits(4, 3, 6), random_logits(4, 3, 6, seed=1) > 0.5
    counted = torch.tensor([[True, False, True]] * 4)
    loss = focal(logits, targets, counted[..., None])
    assert torch.allclose(loss, focal(logits[counted], targets[counted]))
    assert not torch.allclose(loss, focal(logits, targets))


def test_focal_stays_finite_at_extreme_logits():
    logits = torch.tensor([1e4, -1e4, 1e4, -1e4], requires_grad=True)
    loss = focal(logits, torch.tensor([True, True, False, False]))
    loss.backward()
    assert loss.item() == pytest.approx(1e4, rel=1e-3)  # two wrong by 1e4, two positives
    assert torch.isfinite(logits.grad).all()


def test_attention_that_is_what_is_wanted_costs_its_entropy():
    wanted = torch.tensor([[0.5, 0.25, 0.25, 0.0], [0.0, 0.0, 1.0, 0.0]])
    coverage = wanted * torch.tensor([[0.8], [0.3]])  # only the shares matter
    entropy = (0.5 * math.log(2) + 2 * 0.25 * math.log(4) + 0.0) / 2
    assert attention_to_object(wanted, coverage).item() == pytest.approx(entropy, rel=1e-5)


def test_attention_elsewhere_costs_more():
    coverage = torch.tensor([[1.0, 1.0, 0.0, 0.0]])
    near = attention_to_object(torch.tensor([[0.4, 0.4, 0.1, 0.1]]), coverage)
    far = attention_to_object(torch.tensor([[0.1, 0.1, 0.4, 0.4]]), coverage)
    assert near.item() == pytest.approx(-math.log(0.4), rel=1e-5)
    assert far.item() == pytest.approx(-math.log(0.1), rel=1e-5)


def test_attention_leaves_out_queries_whose_object_is_not_visible():
    attention = random_logits(3, 4).softmax(-1).requires_grad_()
    coverage = torch.tensor([[0.0, 0.0, 1.0, 0.0], [0.0] * 4, [0.0] * 4])
    loss = attention_to_object(attention, coverage)
    loss.backward()
    assert loss.item() == pytest.approx(-math.log(attention[0, 2].item()), rel=1e-5)
    assert torch.equal(attention.grad[1:], torch.zeros(2, 4))
    nothing = attention_to_object(attention.detach(), torch.zeros(3, 4))
    assert nothing.item() == 0


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((0.1, 0.2, 0.5, 0.9), (0.1, 0.2, 0.5, 0.9), 1.0),
        # nested: the hull is the outer box, so GIoU is the IoU, 0.04 / 0.16
        ((0.0, 0.0, 0.4, 0.4), (0.1, 0.1, 0.3, 0.3), 0.25),
        # apart: IoU 0, hull 0.6 x 0.2 = 0.12, union 2 x 0.04 = 0.08
        ((0.0, 0.0, 0.2, 0.2), (0.4, 0.0, 0.6, 0.2), -(0.12 - 0.08) / 0.12),
        # touching corners only: hull 0.4 x 0.4 = 0.16, union 0.08
        ((0.0, 0.0, 0.2, 0.2), (0.2, 0.2, 0.4, 0.4), -0.5),
        # half over each other: overlap 0.02, union 0.06 = hull
        ((0.0, 0.0, 0.2, 0.2), (0.1, 0.0, 0.3, 0.2), 1 / 3),
    ],
)
def test_generalized_iou_by_hand(first, second, expected):
    pair = torch.tensor([first]), torch.tensor([second])
    assert generalized_iou(*pair).item() == pytest.approx(expected, abs=1e-6)
    assert generalized_iou(*reversed(pair)).item() == pytest.approx(expected, abs=1e-6)


def test_box_regression_adds_distance_and_giou():
    predicted = torch.tensor([[0.0, 0.0, 0.2, 0.2], [0.1, 0.1, 0.5, 0.5]], requires_grad=True)
    boxes = torch.tensor([[0.1, 0.0, 0.3, 0.2], [0.1, 0.1, 0.5, 0.5]])
    # first box: mean |difference| 0.05 and GIoU 1/3; the second is exact
    loss = box_regression(predicted, boxes)
    loss.backward()
    assert loss.item() == pytest.approx(0.05 / 2 + (1 - 1 / 3) / 2, rel=1e-5)
    assert torch.isfinite(predicted.grad).all()


def test_box_regression_pulls_boxes_that_lie_apart():
    predicted = torch.tensor([[0.0, 0.0, 0.1, 0.1]], requires_grad=True)
    box_regression(predicted, torch.tensor([[0.6, 0.6, 0.9, 0.9]])).backward()
    assert (predicted.grad[0, 2:] < 0).all()  # its far corner must move right and down


def test_box_regression_of_no_boxes_is_zero_with_finite_gradients():
    predicted = torch.zeros(0, 4, requires_grad=True)
    loss = box_regression(predicted, torch.zeros(0, 4))
    loss.backward()
    assert loss.item() == 0 and predicted.grad.shape == (0, 4)


def test_reconstruction_is_the_mean_binary_cross_entropy():
    ink = torch.tensor([[[1.0, 0.0], [0.0, 0.5]]])
    assert reconstruction(torch.zeros(1, 2, 2), ink).item() == pytest.approx(math.log(2), rel=1e-6)
    right = reconstruction(torch.tensor([[[9.0, -9.0], [-9.0, 0.0]]]), ink)
    assert right.item() == pytest.approx(math.log(2) / 4, abs=1e-3)


def test_feature_distillation_is_one_minus_the_cosine_of_every_position():
    teacher = random_logits(2, 8, 3, 3)
    assert feature_distillation(5 * teacher, teacher).item() == pytest.approx(0, abs=1e-6)
    assert feature_distillation(-teacher, teacher).item() == pytest.approx(2, abs=1e-6)
    half = teacher.clone()
    half[:, :, 0] *= -1  # one of three rows points the other way
    assert feature_distillation(half, teacher).item() == pytest.approx(2 / 3, rel=1e-5)


def test_recognition_is_the_cross_entropy_with_soft_answers():
    logits, wanted = random_logits(3, 5), random_logits(3, 5, seed=1).softmax(-1)
    slow = [
        -sum(p * (x - math.log(sum(math.exp(y) for y in row))) for p, x in zip(chance, row, strict=True))
        for row, chance in zip(logits.tolist(), wanted.tolist(), strict=True)
    ]
    assert recognition(logits, wanted).item() == pytest.approx(sum(slow) / 3, abs=1e-5)
    sure = F.one_hot(torch.tensor([2, 0, 4]), 5).float()
    assert recognition(logits, sure).item() == pytest.approx(
        F.cross_entropy(logits, torch.tensor([2, 0, 4])).item(), abs=1e-6
    )
