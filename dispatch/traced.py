"""The domain's tables that imports write, for geo.traces: how their rows are called, and what of them is alive."""

from geo.traces import CODE_OF_AREA, Traced, trace

trace(
    Traced(
        "dispatch_centre", "centre", CODE_OF_AREA, area="t.area_id", follows=(("area_id", "geo_area"),), part=True,
        living=frozenset({"version"}),
    ),
    after="geo_ground",
)  # fmt: skip
trace(
    Traced(
        "dispatch_unit", "unit", "t.call_sign", area="(SELECT c.area_id FROM dispatch_centre c WHERE c.id = t.centre_id)",
        follows=(("tracker_id", "geo_tracker"),), may_stay=True,
        living=frozenset({
            "version", "audience", "on_duty", "duty_since", "unavailable_reason", "status_at", "post_id", "reported_point",
            "reported_at", "reported_how",
        }),
    ),
    after="geo_tracker",
)  # fmt: skip
