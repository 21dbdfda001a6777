# Curves of cumulative incidence and median times, for tests/statistics/test_statistics_durations.py.
# Run here with `Rscript durations.R`: it writes durations_data.csv, durations_incidence.csv and
# durations_medians.csv.
# Data: mgus2 of the R package survival (Kyle and others 2002, NEJM 346, 564-569: months to a
# malignancy, or to death without one), its first 80 persons; and the example of statsmodels.
library(survival)
library(cmprsk)
library(etm)

first <- mgus2[1:80, ]
kyle <- data.frame(
  set = "mgus2",
  time = ifelse(first$pstat == 1, first$ptime, first$futime),
  status = ifelse(first$pstat == 1, 1, 2 * first$death)
)
small <- data.frame(
  set = "statsmodels",
  time = c(1, 1, 2, 4, 4, 4, 6, 6, 7, 8, 9, 9, 9, 1, 2, 2, 4, 4),
  status = c(1, 1, 1, 2, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0)
)
# The other way round, more than half come to the outcome.
turned <- transform(kyle, set = "mgus2 turned", status = c(0, 2, 1)[status + 1])
data <- rbind(kyle, small, turned)
write.csv(data, "durations_data.csv", row.names = FALSE, quote = FALSE)

curves <- NULL
medians <- NULL
for (name in unique(data$set)) {
  own <- data[data$set == name, ]
  states <- cuminc(own$time, own$status, cencode = 0)
  times <- unique(sort(own$time[own$status == 1]))
  share <- timepoints(states, times)$est["1 1", ]
  paths <- data.frame(
    id = seq_len(nrow(own)), from = 0, to = ifelse(own$status == 0, "cens", own$status),
    time = own$time
  )
  moves <- matrix(FALSE, 3, 3)
  moves[1, 2:3] <- TRUE
  found <- etm(paths, c("0", "1", "2"), moves, "cens", 0)
  ends <- summary(found, ci.fun = "cloglog")[["0 1"]]
  at <- match(times, ends$time)
  one <- data.frame(
    set = name, time = times, share = as.numeric(share), etm = ends$P[at],
    error = sqrt(ends$var[at]), low = ends$lower[at], high = ends$upper[at]
  )
  curves <- rbind(curves, one)
  plain <- survfit(Surv(time, status > 0) ~ 1, data = own, conf.type = "log-log")
  middle <- quantile(plain, 0.5)
  medians <- rbind(medians, data.frame(
    set = name, median = middle$quantile, low = middle$lower, high = middle$upper
  ))
}
write.csv(format(curves, digits = 12, trim = TRUE), "durations_incidence.csv", row.names = FALSE, quote = FALSE)
write.csv(medians, "durations_medians.csv", row.names = FALSE, quote = FALSE)
