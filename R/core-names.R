# The names of what the core can do, in its order; C looks a kind up by its name. `what`
# is "activation", "prior", "family", "optimizer", "schedule", "kl_weight", "estimator",
# "stream", "predict" or "isa".
core_names <- function(what) native_names()[[what]]
