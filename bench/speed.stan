// A 3-32-1 network for two classes, for bench/speed.R: tanh units, N(0, 1) on all
// weights and biases, as in a first Bayesian network in Stan.
data {
  int<lower=1> n;
  int<lower=1> d;
  int<lower=1> units;
  matrix[n, d] x;
  int<lower=0, upper=1> y[n];
}
parameters {
  matrix[d, units] w1;
  row_vector[units] b1;
  vector[units] w2;
  real b2;
}
model {
  to_vector(w1) ~ std_normal();
  b1 ~ std_normal();
  w2 ~ std_normal();
  b2 ~ std_normal();
  y ~ bernoulli_logit(tanh(x * w1 + rep_matrix(b1, n)) * w2 + b2);
}
