import { Drawer, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { EmptyState } from "../../../ui/EmptyState";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { RowsSkeleton } from "../../../ui/Skeletons";
import { Timeline } from "../../../ui/Timeline";
import type { Names, Week } from "../grid/sheet";
import { addressOf } from "../grid/sheet";
import { type Amendment, changelogQuery } from "../queries";
import { Changes } from "./ConsequenceSheet";

type Props = {
  week: Week;
  names: Names;
  placeWords: (address: `${number}:${number}`) => string;
  onClose: () => void;
};

/** What was changed after publication, by whom and why. */
export function ChangelogDrawer({ week, names, placeWords, onClose }: Props) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(changelogQuery(week.id));
  return (
    <Drawer opened onClose={onClose} position="right" size="md" title={t("timetable.changelog.title")}>
      {isPending && <RowsSkeleton rows={4} />}
      {error && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {data?.results.length === 0 && (
        <EmptyState title={t("timetable.changelog.empty")} detail={t("timetable.changelog.emptyDetail")} />
      )}
      {data && data.results.length > 0 && (
        <Timeline
          entries={data.results.map((entry) => ({
            id: entry.id,
            at: entry.changed_at,
            who: entry.changed_by,
            title: (
              <strong>
                <Bidi>{entry.reason}</Bidi>
              </strong>
            ),
            detail: <Entry entry={entry} names={names} placeWords={placeWords} />,
          }))}
        />
      )}
    </Drawer>
  );
}

const KINDS: Record<string, keyof Names> = {
  faculty: "people",
  co_faculty: "people",
  room: "rooms",
  groups: "groups",
  course: "courses",
  section: "sections",
  department: "departments",
};

function Entry({ entry, names, placeWords }: Pick<Props, "names" | "placeWords"> & { entry: Amendment }) {
  const { t } = useTranslation();
  const label = useLabel();
  const placed = new Map<string, Record<string, unknown>[]>();
  for (const change of entry.changes) {
    const { row_index: row, day_of_week: day } = change;
    const isCell = typeof row === "number" && typeof day === "number";
    const place = isCell ? placeWords(addressOf(row, day)) : t("timetable.rows.row", { number: Number(row) });
    placed.set(place, [...(placed.get(place) ?? []), inWords(change, names, label)]);
  }
  return (
    <>
      {[...placed].map(([place, changes]) => (
        <div key={place}>
          <Text size="sm" fw={600} mt={4}>
            {place}
          </Text>
          <Changes changes={changes} />
        </div>
      ))}
      <Text size="xs">
        {t("timetable.changelog.versions", { from: entry.version_from, to: entry.version_to })}
      </Text>
    </>
  );
}

/** Ids become names where they are known. */
function inWords(
  change: Record<string, unknown>,
  names: Names,
  label: (prefix: string, value: string) => string,
) {
  const field = String(change.field);
  const kind = KINDS[field];
  const word = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(word);
    if (field === "status" && typeof value === "string") return label("timetable.cellStatus", value);
    return kind && typeof value === "number" ? (names[kind][value] ?? `#${value}`) : value;
  };
  return { ...change, old: word(change.old), new: word(change.new) };
}
