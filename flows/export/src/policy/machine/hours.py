EPOCH = date(1970, 1, 1)
# Since when local time is so many seconds ahead of UTC, by zone.
OFFSETS = {
    zone: [
        (seconds(moment), int(ahead)) for moment, _, ahead in (change.partition("Z") for change in changes.split())
    ]
    for zone, changes in ZONES.items()
}


def is_open(tier, moment):
    """Whether a tier is open by its hours; one without hours is. `moment` is in seconds since 1970, UTC."""
    hours = HOURS.get(tier)
    if hours is None:
        return True
    moment = int(moment.to_integral_value(ROUND_FLOOR))
    offsets = OFFSETS[hours["zone"]]
    local = moment + offsets[max(bisect_right(offsets, (moment, 86400)), 1) - 1][1]
    day, minute = local // 86400, local % 86400 // 60
    # A stretch that ends where it starts, or before, reaches into the next day.
    today = any(minute >= start and (minute < end or end <= start) for start, end in stretches(hours, day))
    return today or any(end <= start and minute < end for start, end in stretches(hours, day - 1))


def stretches(hours, day):
    """When it is open on a day since 1970, in minutes from midnight."""
    try:
        written = (EPOCH + timedelta(days=day)).isoformat()
    except OverflowError:
        return ()
    # 1970 began on a Thursday.
    return hours["days"].get(written, hours["week"][(day + 3) % 7])
