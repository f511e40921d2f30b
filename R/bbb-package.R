#' bbb: Bayesian neural networks by Bayes by Backprop
#'
#' Fit with [bbb_fit()], predict with [predict()][predict.bbb_fit], look inside
#' with [coef()][coef.bbb_fit], [plot()][plot.bbb_fit] and [bbb_gradients()].
#' `vignette("bbb")` is the place to start.
#'
#' @references
#' Blundell, C., Cornebise, J., Kavukcuoglu, K. and Wierstra, D. (2015). Weight
#' Uncertainty in Neural Networks. *Proceedings of the 32nd International
#' Conference on Machine Learning*, PMLR 37, 1613-1622.
#'
#' @keywords internal
#' @useDynLib bbb, .registration = TRUE
#' @importFrom stats AIC BIC coef confint deviance df.residual family fitted formula logLik
#' @importFrom stats model.frame nobs predict residuals sigma simulate terms update vcov
#' @importFrom stats weights
"_PACKAGE"
