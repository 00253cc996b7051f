# Dates, times and lengths of time. GOV.UK style: "24 November 2026", "9:42am".

month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

month-short-1 = Jan
month-short-2 = Feb
month-short-3 = Mar
month-short-4 = Apr
month-short-5 = May
month-short-6 = Jun
month-short-7 = Jul
month-short-8 = Aug
month-short-9 = Sep
month-short-10 = Oct
month-short-11 = Nov
month-short-12 = Dec

weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday

weekday-short-1 = Mon
weekday-short-2 = Tue
weekday-short-3 = Wed
weekday-short-4 = Thu
weekday-short-5 = Fri
weekday-short-6 = Sat
weekday-short-7 = Sun

format-time-am = { $hour }:{ $minute }am
format-time-pm = { $hour }:{ $minute }pm
format-date = { $day } { $month } { $year }
format-date-no-year = { $day } { $month }
format-weekday-date = { $weekday } { $day } { $month } { $year }
format-weekday-date-no-year = { $weekday } { $day } { $month }
format-day-short = { $weekday } { $day } { $month }
format-date-short = { $day } { $month }
format-time-on-date = { $time } on { $date }
format-time-comma-date = { $time }, { $date }
format-date-at-time = { $date } at { $time }
format-time-today = { $time } today
format-time-tomorrow = { $time } tomorrow
format-time-yesterday = { $time } yesterday

span-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
 }
span-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
 }
span-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
 }
span-two = { $large } { $small }
span-none = less than a minute

clock-left = { $span } left
clock-overdue = { $span } overdue
clock-late = { $span } late
clock-due = Due { $when }
clock-was-due = Was due { $when }
clock-provisional = Due { $when }, provisional: the list of bank holidays ends before then
