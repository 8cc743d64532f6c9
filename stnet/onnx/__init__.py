"""The towers as networks of ONNX Runtime, for CPUs: eager torch stays the reference and the path of GPUs."""
