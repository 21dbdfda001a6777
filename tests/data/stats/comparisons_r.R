# Reference values for tests/statistics/test_statistics_comparisons.py, by R 4.2 of Debian 12 with
# epitools 0.5-10.1. Run in this folder: Rscript comparisons_r.R
library(epitools)
births <- c(230061, 329449, 114920, 39487, 14208, 3052, 72202, 326701, 208667, 83228, 28466, 5375,
  15050, 175702, 207081, 117300, 45026, 8660, 2293, 68800, 132424, 98301, 46075, 9834, 327, 30666,
  123419, 149919, 104088, 34392)
cases <- c(107, 141, 60, 40, 39, 25, 25, 150, 110, 84, 82, 39, 3, 71, 114, 103, 108, 75, 1, 26, 64,
  89, 137, 96, 0, 8, 63, 112, 262, 295)
births <- matrix(births, 6, 5); cases <- matrix(cases, 6, 5); standard <- rowMeans(births)
rows <- do.call(rbind, lapply(1:5, function(order) {
  found <- ageadjust.direct(cases[, order], births[, order], stdpop = standard)
  data.frame(what = "ageadjust.direct", a = order, b = NA, t_a = NA, t_b = NA,
    estimate = found[["adj.rate"]], low = found[["lci"]], high = found[["uci"]], p = NA)
}))
for (n in c(0, 1, 2, 5, 9, 10, 44, 57, 834)) {
  found <- poisson.test(n)
  rows <- rbind(rows, data.frame(what = "poisson.test", a = n, b = NA, t_a = 1, t_b = NA,
    estimate = n, low = found$conf.int[1], high = found$conf.int[2], p = NA))
}
pairs <- list(c(102, 194), c(57, 195), c(18, 44), c(7, 25), c(0, 12), c(12, 0), c(30, 40))
for (pair in pairs) {
  found <- poisson.test(pair, c(1, 3))
  tails <- c(pbinom(pair[1], sum(pair), 1/4), pbinom(pair[1] - 1, sum(pair), 1/4, lower.tail = FALSE))
  rows <- rbind(rows, data.frame(what = "poisson.test of two", a = pair[1], b = pair[2], t_a = 1,
    t_b = 3, estimate = unname(found$estimate), low = found$conf.int[1], high = found$conf.int[2],
    p = min(1, 2 * min(tails))))
}
for (n in list(c(8, 18), c(0, 12), c(12, 12), c(30, 97))) {
  found <- binom.exact(n[1], n[2])
  rows <- rbind(rows, data.frame(what = "binom.exact", a = n[1], b = n[2], t_a = NA, t_b = NA,
    estimate = found$proportion, low = found$lower, high = found$upper, p = NA))
}
glm_of <- function(counts) {
  year <- seq_along(counts)
  for (family in c("poisson", "quasipoisson")) {
    fit <- summary(glm(counts ~ year, family = family))$coefficients["year", ]
    rows <<- rbind(rows, data.frame(what = family, a = paste(counts, collapse = " "), b = NA,
      t_a = NA, t_b = NA, estimate = exp(fit[[1]]), low = fit[[2]], high = NA, p = fit[[4]]))
  }
}
glm_of(c(12, 17, 17, 24, 20)); glm_of(c(970, 1020, 301, 584, 831)); glm_of(c(10, 20, 30, 40, 60))
options(digits = 15)
write.csv(rows, "comparisons_r.csv", row.names = FALSE)
