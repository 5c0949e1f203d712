import { NumberInput, Select, Text, TextInput } from "@mantine/core";
import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listQuery } from "../../../api/lists";
import { useMe } from "../../../api/me";
import { getJson, urlOf } from "../../../api/transport";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { DateField } from "../../../ui/DateField";
import { EmptyState } from "../../../ui/EmptyState";
import { useFormat } from "../../../ui/format";
import { Loaded } from "../../../ui/Loaded";
import { instantOf } from "../../../ui/zoned";
import { FEATURES, type FreeRoom } from "../queries";
import classes from "./FreeRooms.module.css";

const URL = "/api/v1/timetable/free-rooms/";

function todayIn(timeZone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone }).format(new Date());
}

/** Which rooms are free in a window, and what holds the others. */
export function FreeRooms() {
  const { t } = useTranslation();
  const { institution } = useMe();
  const zone = institution?.time_zone ?? "UTC";
  const [day, setDay] = useState<string | null>(todayIn(zone));
  const [from, setFrom] = useState("10:00");
  const [until, setUntil] = useState("11:00");
  const [capacity, setCapacity] = useState<number | string>("");
  const [feature, setFeature] = useState<string | null>(null);
  const features = useQuery(listQuery(FEATURES, { page_size: 200 }));
  const isWindow = Boolean(day && from && until && from < until);
  const asked =
    isWindow && day
      ? {
          starts_at: instantOf(day, from, zone),
          ends_at: instantOf(day, until, zone),
          capacity: capacity === "" ? undefined : Number(capacity),
          feature: feature ?? undefined,
        }
      : null;
  const query = useQuery({
    queryKey: [URL, asked],
    queryFn: ({ signal }) => getJson<{ results: FreeRoom[] }>(urlOf(URL, asked ?? {}), signal),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <div className={classes.window}>
        <DateField label={t("directory.free.day")} value={day} onChange={setDay} />
        <TextInput
          type="time"
          label={t("directory.free.from")}
          dir="ltr"
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          type="time"
          label={t("directory.free.until")}
          dir="ltr"
          value={until}
          error={from && until && from >= until ? t("directory.free.order") : null}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
        <NumberInput
          label={t("directory.free.seats")}
          min={0}
          allowDecimal={false}
          value={capacity}
          onChange={setCapacity}
        />
        <Select
          label={t("directory.free.feature")}
          clearable
          data={(features.data?.results ?? []).map(({ code, name }) => ({ value: code, label: name }))}
          value={feature}
          onChange={setFeature}
        />
      </div>
      {asked && <Loaded query={query}>{({ results }) => <Rooms rooms={results} />}</Loaded>}
    </>
  );
}

function Rooms({ rooms }: { rooms: FreeRoom[] }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const free = rooms.filter((room) => room.is_free);
  const taken = rooms.filter((room) => !room.is_free);
  if (rooms.length === 0) {
    return <EmptyState title={t("directory.free.none")} detail={t("directory.free.noneDetail")} />;
  }
  return (
    <>
      <Text size="sm" px="md" c="dimmed" aria-live="polite">
        {t("directory.free.count", { count: free.length, all: rooms.length })}
      </Text>
      <ul className={classes.rooms}>
        {[...free, ...taken].map((room) => (
          <li key={room.id} data-free={room.is_free}>
            {room.is_free ? (
              <IconCircleCheck size={18} aria-label={t("directory.free.free")} />
            ) : (
              <IconCircleX size={18} aria-label={t("directory.free.taken")} />
            )}
            <span>
              <strong>
                <Bidi>{room.name}</Bidi>
              </strong>{" "}
              <Code>{room.code}</Code>
              <small>
                {room.capacity !== null &&
                  t("directory.free.seated", { count: room.capacity, n: number(room.capacity) })}
                {!room.is_free && room.label && (
                  <>
                    {" · "}
                    <Bidi>{room.label}</Bidi>
                  </>
                )}
              </small>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
