# What others call it: arguments and types of neighbours, with the word to write here.
# A word in backticks is what to write; anything else ends the sentence as it is.

each_word <- function(word, ...) stats::setNames(rep(word, ...length()), c(...))

words_of_predict <- c(
  each_word("`newdata`", "new_data", "newx", "data", "x", "X", "object_new", "test"),
  each_word("`type = \"interval\"`", "interval", "prediction.interval", "conf.int"),
  each_word(
    "`type = \"uncertainty\"`, whose `sd_epistemic` is the standard error of the mean",
    "se.fit", "std_error", "return_std"
  ),
  each_word("`type = \"prob\"`", "probability", "predict.prob"),
  each_word("`type = \"quantile\"` with `probs`", "quantiles", "tau", "quantile"),
  each_word("`level`", "alpha", "conf.level", "conf_level", "confidence", "ci", "prob_level"),
  each_word("`times`", "time", "eval_time", "t"),
  each_word(
    "`draws`", "ndraws", "n_draws", "n.draws", "n.samples", "n_samples", "nsamples",
    "num_samples", "samples", "mc_samples", "nsim", "iter"
  ),
  each_word("`offset`", "newoffset", "exposure"),
  each_word("`new_levels = \"na\"`", "allow_new_levels", "allow.new.levels"),
  each_word("`na.action`", "na_action", "na.rm"),
  each_word("`options(bbb.threads = )`", "num.threads", "threads", "nthread", "cores")
)

words_of_types <- c(
  each_word("\"response\", or \"class\" for classes", "raw", "numeric", "vector"),
  each_word("\"response\"", "mean", "epred", "expected", "time"),
  each_word(
    "\"prob\"", "probs", "probabilities", "probability", "posterior", "p"
  ),
  each_word("\"link\"", "lp", "linear_pred", "linpred", "eta", "linear.predictors"),
  each_word("\"interval\"", "conf_int", "pred_int", "confidence", "prediction", "ci"),
  each_word("\"quantile\"", "quantiles"),
  each_word("\"draws\"", "samples", "posterior_epred"),
  each_word("\"uncertainty\"", "se", "sd", "variance", "var"),
  each_word("\"class\"", "classes", "label", "labels"),
  each_word("\"survival\"", "surv", "survprob"),
  terms = "nothing, since a network has no terms that add up"
)

words_of_fit <- c(
  each_word(
    "`hidden`", "size", "units", "hidden_units", "hidden.units", "hidden_layers", "layers",
    "hidden_layer_sizes", "neurons", "n_hidden", "nodes", "num_hidden"
  ),
  each_word(
    "`epochs`", "maxit", "max_iter", "iter", "niter", "n_iter", "iterations", "nepochs",
    "n_epochs", "num_epochs", "max_epochs", "nrounds", "ndpost", "stepmax"
  ),
  each_word(
    "`learn_rate`", "lr", "learning_rate", "learningrate", "learning.rate", "rate",
    "step_size", "eta"
  ),
  each_word("`batch_size`", "batchsize", "batch", "batch.size", "minibatch"),
  each_word("`fits`", "chains", "ntree", "ntrees", "n_models", "ensemble", "nets", "repeats"),
  each_word("`samples`", "n_samples", "num_samples", "mc_samples", "ndraws", "n_draws", "draws"),
  each_word("`activation`", "act", "act.fct", "activation_function", "transfer"),
  each_word(
    "`family`", "linout", "linear.output", "softmax", "entropy", "distribution", "dist",
    "loss", "objective", "likelihood", "mode"
  ),
  each_word(
    "`prior`", "decay", "weight_decay", "lambda", "penalty", "l2", "prior_sd", "priors"
  ),
  each_word("`noise`", "sigma", "noise_sd", "sd"),
  each_word(
    "`validation`", "validation_split", "valid_size", "validation_fraction", "val_split",
    "holdout"
  ),
  each_word("`patience`", "early_stopping", "stopping_rounds", "early.stopping", "stop_iter"),
  each_word("`optimizer`", "optimiser", "algorithm", "method"),
  each_word("`schedule`", "lr_schedule", "rate_schedule", "scheduler"),
  each_word("`clip`", "grad_clip", "clip_norm", "clipnorm", "gradient_clip"),
  each_word("`kl_warmup`", "warmup", "kl_annealing", "annealing"),
  each_word("`temperature`", "beta", "kl_coef", "tempering"),
  each_word("`init_rho`", "rho_init", "posterior_rho_init", "init_sd"),
  each_word("`seed`", "random_state", "random.seed", "rng_seed"),
  each_word("`verbose`", "trace", "silent", "quiet", "progress", "refresh"),
  each_word("`standardise`", "scale", "standardize", "normalize", "center", "preProcess"),
  each_word("`weights`", "case_weights", "case.weights", "sample_weight", "wts", "w"),
  each_word("`class_weights`", "class.weights", "class_weight", "classwt"),
  each_word("`max_seconds`", "timeout", "time_limit", "max_time"),
  each_word("`options(bbb.threads = )`", "threads", "num.threads", "nthread", "n_threads"),
  each_word("`options(mc.cores = )`", "cores", "mc.cores", "n_jobs", "n.cores"),
  each_word("`y`", "response", "outcome", "target", "ytrain", "y_train"),
  dropout = "nothing: the noise of the weights does what it is for",
  data = "it beside a formula, `bbb_fit(y ~ x1 + x2, data)`"
)

# "; write `hidden`", of those that are known elsewhere.
words_for <- function(unknown, settings) {
  words <- if (settings) words_of_fit else words_of_predict
  known <- unknown[unknown %in% names(words)]
  if (!length(known)) {
    return(if (settings) "; `?bbb_control` lists the settings of a fit")
  }
  each <- paste0(words[known], if (length(unknown) > 1L) paste0(" for `", known, "`"))
  paste0("; write ", quoted(each, ""))
}
