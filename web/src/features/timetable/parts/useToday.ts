// The institution's zone, date and first weekday, and a clock that ticks once a minute.
import { useInterval } from "@mantine/hooks";
import { useState } from "react";
import { useMe } from "../../../api/me";
import { todayIn } from "../dates";

export function useToday() {
  const { institution } = useMe();
  const [now, setNow] = useState(() => Date.now());
  useInterval(() => setNow(Date.now()), 60_000, { autoInvoke: true });
  const zone = institution?.time_zone ?? "UTC";
  return { now, zone, today: todayIn(zone, now), firstWeekday: institution?.first_weekday ?? 0 };
}
