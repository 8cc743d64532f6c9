"""A teacher for tests: a file as the real one, its numbers random."""

import numpy as np


def teacher_file(folder):
    """MobileNet's weights by TensorFlow's names, random and small."""
    random = np.random.default_rng(0)
    channels = [32, 64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024]
    arrays = {"conv1/kernel": random.normal(0, 0.2, (3, 3, 3, 32))}
    norms = {"conv1": 32}
    for number in range(1, 13):
        inputs, outputs = channels[number - 1], channels[number]
        arrays[f"conv_dw_{number}/depthwise_kernel"] = random.normal(0, 0.3, (3, 3, inputs, 1))
        arrays[f"conv_pw_{number}/kernel"] = random.normal(0, inputs**-0.5, (1, 1, inputs, outputs))
        norms |= {f"conv_dw_{number}": inputs, f"conv_pw_{number}": outputs}
    for name, width in norms.items():
        arrays[f"{name}_bn/gamma"] = random.uniform(0.5, 1.5, width)
        arrays[f"{name}_bn/beta"] = random.normal(0, 0.1, width)
        arrays[f"{name}_bn/moving_mean"] = random.normal(0, 0.1, width)
        arrays[f"{name}_bn/moving_variance"] = random.uniform(0.5, 1.5, width)
    np.savez(folder / "teacher.npz", **{name: value.astype(np.float16) for name, value in arrays.items()})
    return folder / "teacher.npz"
