"""Bayes by Backprop in PyTorch as it is usually written, for speed_torch.py.

A module a layer, which draws its weights, and log q and the log prior by
torch.distributions; torch.optim.Adam. Nothing is done for speed, nothing is wasted.
"""

import torch
from torch import nn
from torch.distributions import Normal
from torch.nn import functional as F


def mixture_log_prob(w, wide=Normal(0.0, 1.0), narrow=Normal(0.0, 0.0025)):
    density = 0.5 * wide.log_prob(w).exp() + 0.5 * narrow.log_prob(w).exp()
    return density.log().sum()


class Gaussian(nn.Module):
    """Weights, or biases, with a mean and a rho each."""

    def __init__(self, *shape):
        super().__init__()
        self.mu = nn.Parameter(0.05 * torch.randn(*shape))
        self.rho = nn.Parameter(torch.full(shape, -5.0))

    def forward(self):
        sigma = torch.log1p(torch.exp(self.rho))
        w = self.mu + sigma * torch.randn_like(self.mu)
        log_q = Normal(self.mu, sigma).log_prob(w).sum()
        return w, log_q - mixture_log_prob(w)


class BayesianLinear(nn.Module):
    def __init__(self, inputs, units):
        super().__init__()
        self.weight = Gaussian(units, inputs)
        self.bias = Gaussian(units)

    def draw(self):
        self.w, kl_w = self.weight()
        self.b, kl_b = self.bias()
        return kl_w + kl_b

    def forward(self, x):
        return F.linear(x, self.w, self.b)


class BayesianNetwork(nn.Module):
    def __init__(self, width):
        super().__init__()
        pairs = zip(width[:-1], width[1:])
        self.layers = nn.ModuleList(BayesianLinear(d, h) for d, h in pairs)

    def draw(self):
        return sum(layer.draw() for layer in self.layers)

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


def stepper(width, nll):
    """step(x, y, loop): one draw of all weights, one step of Adam. With loop, the
    rows go through the network one at a time."""
    net = BayesianNetwork(width)
    adam = torch.optim.Adam(net.parameters(), lr=1e-3)

    def step(x, y, loop=False):
        f = net.draw()
        if loop:
            for i in range(len(x)):
                f = f + nll(net(x[i : i + 1]), y[i : i + 1])
        else:
            f = f + nll(net(x), y)
        adam.zero_grad()
        f.backward()
        adam.step()
        return f

    return step
