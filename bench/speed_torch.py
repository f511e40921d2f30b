"""Bayes by Backprop in PyTorch, for bench/speed.R: seconds of a step.

speed_torch.py WHAT THREADS STEPS BATCH WIDTH...
  rows     a step over BATCH rows, which go through the network one at a time in a
           loop, as a beginner writes it; else as `usual`
  usual    a step as it is usually written (torch_usual.py)
  hand     a step written by hand for speed (torch_hand.py)
  predict  softmax probabilities of BATCH rows, averaged over STEPS draws, by hand
  rowwise  the same, the first layer drawn for each row
  floor    the matrix products of a step alone
Prints the seconds of one step (of all draws, for predict).
"""

import sys
import time

import torch
from torch.nn import functional as F

import torch_hand
import torch_usual


def nll_for(classes):
    if classes > 1:
        return lambda eta, y: F.cross_entropy(eta, y, reduction="sum")
    return lambda eta, y: F.binary_cross_entropy_with_logits(
        eta.view(-1), y, reduction="sum"
    )


def data_for(batch, width):
    x = torch.randn(batch, width[0])
    if width[-1] > 1:
        return x, torch.randint(width[-1], (batch,))
    return x, torch.rand(batch).round()


def seconds(job, times, before):
    for _ in range(before):
        job()
    began = time.perf_counter()
    for _ in range(times):
        job()
    return (time.perf_counter() - began) / times


def step_for(what, width, x, y):
    nll = nll_for(width[-1])
    if what == "hand":
        step = torch_hand.stepper(width, nll, x, y)
        return lambda: step(x, y)
    step = torch_usual.stepper(width, nll)
    return lambda: step(x, y, what == "rows")


def floor(steps, batch, width):
    total = 0.0
    for i, (d, h) in enumerate(zip(width[:-1], width[1:])):
        a, w, z = torch.randn(batch, d), torch.randn(d, h), torch.randn(batch, h)
        # The first layer hands no gradient on to the data.
        for job in [(a, w), (a.t(), z)] + ([(z, w.t())] if i else []):
            total += seconds(lambda: torch.mm(*job), steps, 1)
    return total


def main(what, threads, steps, batch, *width):
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    if what == "floor":
        return floor(steps, batch, width)
    x, y = data_for(batch, width)
    if what in ("predict", "rowwise"):
        rowwise = what == "rowwise"
        predict = (torch_hand.rowwise_predictor if rowwise else torch_hand.predictor)(width)
        return seconds(lambda: predict(x, steps), 1, 1)
    # The first few steps are slow: TorchScript looks at them before it settles.
    return seconds(step_for(what, width, x, y), steps, max(5, steps // 20))


if __name__ == "__main__":
    print(main(sys.argv[1], *map(int, sys.argv[2:])))
