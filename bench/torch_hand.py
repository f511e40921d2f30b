"""Bayes by Backprop in PyTorch, written by hand for speed, for speed_torch.py.

The same algorithm: all weights drawn, log q, log mixture prior, likelihood,
gradients by autograd, Adam. What makes it fast:
  * all weights in one vector, so that each elementwise pass is one call;
  * log q without what cancels in it; the mixture by one exp and one log1p;
  * autograd's backward is recorded once (make_fx) and replayed by TorchScript, so
    that a step pays neither for building a graph nor for Python;
  * Adam in place, its bias corrections folded into two numbers. PyTorch's own fused
    Adam is for GPUs alone, and its foreach Adam is slower than this;
  * subnormal numbers, which exp makes many of, are flushed to zero.
TorchScript has no compiler for CPUs in this build, so passes are not fused.
"""

import math

import torch
from torch.fx.experimental.proxy_tensor import make_fx
from torch.nn import functional as F

SD1, SD2 = 1.0, 0.0025  # of the prior's equal parts
CURVE = 1 / (2 * SD1**2) - 1 / (2 * SD2**2)


class Shape:
    def __init__(self, width):
        self.layers = list(zip(width[:-1], width[1:]))
        self.parts = [size for d, h in self.layers for size in (d * h, h)]
        self.P = sum(self.parts)

    def start(self):
        return 0.05 * torch.randn(self.P), torch.full((self.P,), -5.0)

    def forward(self, w, x, first=0):
        """From layer `first` on, whose inputs x are."""
        parts = w.split(self.parts)
        for i, (d, h) in list(enumerate(self.layers))[first:]:
            x = torch.addmm(parts[2 * i + 1], x, parts[2 * i].view(d, h))
            if i + 1 < len(self.layers):
                x = x.relu_()
        return x


def softplus(z):
    # Two vectorised passes beat F.softplus, and z is never large here.
    return z.exp().log1p()


def kl(w, eps, sigma):
    """log q(w) - log P(w), but for a constant that is the same for all w."""
    squares = w * w
    ratio = torch.add(torch.tensor(math.log(SD1 / SD2)), squares, alpha=CURVE)
    log_q = -sigma.log().sum() - torch.dot(eps, eps) / 2
    return log_q + squares.sum() / (2 * SD1**2) - softplus(ratio).sum()


def recorded_gradients(shape, nll, example):
    def gradients(mu, rho, x, y):
        eps = torch.randn(shape.P)
        sigma = softplus(rho)
        w = torch.addcmul(mu, sigma, eps)
        f = kl(w, eps, sigma) + nll(shape.forward(w, x), y)
        return (f, *torch.autograd.grad(f, (mu, rho)))

    for theta in example[:2]:
        theta.requires_grad_()
    graph = make_fx(gradients)(*example)
    example = tuple(value.detach() for value in example)
    replay = torch.jit.trace(graph.eval(), example, check_trace=False)
    return torch.jit.freeze(replay)


@torch.jit.script
def adam(
    theta: torch.Tensor, d: torch.Tensor, m: torch.Tensor, v: torch.Tensor,
    room: torch.Tensor, rate: float, epsilon: float,
):
    m.mul_(0.9).add_(d, alpha=0.1)
    v.mul_(0.999).addcmul_(d, d, value=0.001)
    torch.sqrt(v, out=room)
    theta.addcdiv_(m, room.add_(epsilon), value=-rate)


def stepper(width, nll, x, y):
    """step(x, y), for batches of the shape of this one."""
    torch.set_flush_denormal(True)
    shape = Shape(width)
    mu, rho = shape.start()
    gradients = recorded_gradients(shape, nll, (mu, rho, x, y))
    mu, rho = mu.detach(), rho.detach()
    moments = [torch.zeros(shape.P) for _ in range(4)]
    room = torch.empty(shape.P)
    steps = 0

    @torch.no_grad()
    def step(x, y):
        nonlocal steps
        steps += 1
        root = math.sqrt(1 - 0.999**steps)
        rate, epsilon = 1e-3 * root / (1 - 0.9**steps), 1e-8 * root
        f, d_mu, d_rho = gradients(mu, rho, x, y)
        adam(mu, d_mu, moments[0], moments[1], room, rate, epsilon)
        adam(rho, d_rho, moments[2], moments[3], room, rate, epsilon)
        return f

    return step


def predictor(width, block=1000):
    """predict(x, draws): mean softmax probabilities. Rows go in blocks, whose
    activations stay in the cache."""
    torch.set_flush_denormal(True)
    shape = Shape(width)
    mu, rho = shape.start()

    @torch.inference_mode()
    def predict(x, draws):
        p, eps = torch.zeros(len(x), width[-1]), torch.empty(shape.P)
        sigma = softplus(rho)
        for _ in range(draws):
            w = torch.addcmul(mu, sigma, eps.normal_())
            for some, out in zip(x.split(block), p.split(block)):
                out += shape.forward(w, some).softmax(1)
        return p / draws

    return predict


def rowwise_predictor(width, block=1000):
    """The same, but that each row has its own draw of the first layer's units, of means
    and standard deviations that are worked out once (Kingma et al. 2015)."""
    torch.set_flush_denormal(True)
    shape = Shape(width)
    mu, rho = shape.start()
    d, h = shape.layers[0]
    drawn = (d + 1) * h

    @torch.inference_mode()
    def predict(x, draws):
        p, w = torch.zeros(len(x), width[-1]), torch.empty(shape.P)
        eps, noise = torch.empty(shape.P - drawn), torch.empty(block, h)
        sigma = softplus(rho)
        bias, weight = mu[d * h : drawn], mu[: d * h].view(d, h)
        variance = sigma[:drawn].square()
        mean = torch.addmm(bias, x, weight)
        sd = torch.addmm(variance[d * h :], x * x, variance[: d * h].view(d, h)).sqrt_()
        for _ in range(draws):
            torch.addcmul(mu[drawn:], sigma[drawn:], eps.normal_(), out=w[drawn:])
            parts = zip(mean.split(block), sd.split(block), p.split(block))
            for m, s, out in parts:
                z = torch.addcmul(m, s, noise[: len(m)].normal_()).relu_()
                out += shape.forward(w, z, 1).softmax(1)
        return p / draws

    return predict
