"""Bayes by Backprop in PyTorch, for bench/speed.R: seconds a step.

speed_torch.py WHAT THREADS STEPS BATCH WIDTH...
  step     the algorithm written well: all weights in one vector, so that each
           elementwise pass is one call; batched products; Adam
  rows     one 3-32-1 iteration over BATCH rows, a row at a time in a loop, as a
           beginner writes it
  predict  softmax probabilities of BATCH rows, averaged over STEPS draws
  floor    the matrix products of a step alone
Prints the seconds of one step (of all draws, for predict).
"""

import sys
import time

import torch
from torch.nn import functional as F

what, threads, steps, batch = sys.argv[1], *map(int, sys.argv[2:5])
width = list(map(int, sys.argv[5:]))
torch.set_num_threads(threads)
torch.manual_seed(1)
layers = list(zip(width[:-1], width[1:]))
sizes = [(d + 1) * h for d, h in layers]
P = sum(sizes)
mu = (0.05 * torch.randn(P)).requires_grad_()
rho = torch.full((P,), -5.0).requires_grad_()
log_pi, sd1, sd2 = torch.tensor(0.5).log(), 1.0, 0.0025


def forward(w, x):
    for i, (part, (d, h)) in enumerate(zip(w.split(sizes), layers)):
        weight = part.view(d + 1, h)
        x = torch.addmm(weight[d], x, weight[:d])
        if i + 1 < len(layers):
            x = F.relu(x)
    return x


def log_prior(w):
    wide = log_pi - w * w / (2 * sd1**2) - torch.tensor(sd1).log()
    narrow = log_pi - w * w / (2 * sd2**2) - torch.tensor(sd2).log()
    return torch.logaddexp(wide, narrow).sum()


def nll(eta, y):
    if width[-1] > 1:
        return F.cross_entropy(eta, y, reduction="sum")
    return F.binary_cross_entropy_with_logits(eta[:, 0], y, reduction="sum")


def draw():
    eps = torch.randn(P)
    sigma = F.softplus(rho)
    return mu + sigma * eps, eps, sigma


x = torch.randn(batch, width[0])
y = torch.randint(width[-1], (batch,)) if width[-1] > 1 else torch.rand(batch).round()
adam = torch.optim.Adam([mu, rho], lr=1e-3)


def step(loop):
    w, eps, sigma = draw()
    f = -sigma.log().sum() - (eps * eps).sum() / 2 - log_prior(w)
    if loop:
        for i in range(batch):
            f = f + nll(forward(w, x[i : i + 1]), y[i : i + 1])
    else:
        f = f + nll(forward(w, x), y)
    adam.zero_grad()
    f.backward()
    adam.step()


def predict():
    with torch.no_grad():
        p = torch.zeros(batch, width[-1])
        for _ in range(steps):
            p += F.softmax(forward(draw()[0], x), 1)


def floor():
    for i, (d, h) in enumerate(layers):
        a, w, z = torch.randn(batch, d), torch.randn(d, h), torch.randn(batch, h)
        for job in [(a, w), (a.t(), z)] + ([(z, w.t())] if i else []):
            torch.mm(*job)
            began = time.perf_counter()
            for _ in range(steps):
                torch.mm(*job)
            floor.seconds += time.perf_counter() - began


floor.seconds = 0.0
if what == "floor":
    floor()
    print(floor.seconds / steps)
else:
    run = predict if what == "predict" else lambda: step(what == "rows")
    times = 1 if what == "predict" else steps
    for _ in range(1 if what == "predict" else max(3, steps // 20)):
        run()
    began = time.perf_counter()
    for _ in range(times):
        run()
    print((time.perf_counter() - began) / times)
