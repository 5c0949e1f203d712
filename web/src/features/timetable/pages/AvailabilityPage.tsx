import { Button, Group } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan, useMe } from "../../../api/me";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { type Column, DataTable } from "../../../ui/DataTable";
import { FormDialog } from "../../../ui/FormDialog";
import { ReferenceFilter } from "../../../ui/filters";
import { useFormat } from "../../../ui/format";
import { PageHeader } from "../../../ui/PageHeader";
import { GroupSelect, PersonSelect, PlaceSelect } from "../../../ui/references";
import { StatusBadge } from "../../../ui/StatusBadge";
import type { TableFilter } from "../../../ui/TableToolbar";
import { useSaved } from "../../../ui/useSaved";
import { AvailabilityForm } from "../forms/AvailabilityForm";
import { useDayNames } from "../parts/useDayNames";
import { AVAILABILITIES, type Declared, SUBJECTS, type SubjectKind } from "../queries";

const route = getRouteApi("/shell/timetable/availability");

const LISTS = {
  person: { path: "/api/v1/directory/persons/", of: PersonSelect },
  room: { path: "/api/v1/directory/places/", of: PlaceSelect, filters: { kind: "room" } },
  group: { path: "/api/v1/academics/groups/", of: GroupSelect },
};

const isKind = (written: string | undefined): written is SubjectKind =>
  SUBJECTS.some((kind) => kind === written);

/** Weekly times: a teacher's own, or to planners those of every person, room and group. */
export function AvailabilityPage() {
  const { t } = useTranslation();
  const can = useCan();
  const { person } = useMe();
  const search = route.useSearch();
  const saved = useSaved(AVAILABILITIES);
  const [asked, setAsked] = useState<Declared | "new" | null>(null);
  // Whoever plans may speak for others; the rest only for themselves.
  const isPlanner = can("week.view_drafts");
  const mayDeclare = can("availability.manage") && (isPlanner || person !== null);
  const kind = isKind(search.subject_kind) ? search.subject_kind : "person";
  const chosen = search.subject_id === undefined ? null : Number(search.subject_id);
  const whose = isPlanner ? { kind, id: chosen } : { kind: "person" as const, id: person?.id ?? null };
  const columns = useColumns({ isPlanner, mayDeclare, onEdit: setAsked, onWithdrawn: saved });
  const filters = useFilters(isPlanner, search.subject_kind);
  const declare = mayDeclare && (
    <Button leftSection={<IconPlus size={16} aria-hidden="true" />} onClick={() => setAsked("new")}>
      {t("timetable.availability.declare")}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t("timetable.availability.title")}
        lead={isPlanner ? t("timetable.availability.leadPlanner") : t("timetable.availability.lead")}
        actions={declare}
      />
      <DataTable
        path={AVAILABILITIES}
        caption={t("timetable.availability.title")}
        columns={columns}
        rowId={(row) => row.id}
        search={search}
        filters={filters}
        isSearchable={false}
        empty={{
          title: t("timetable.availability.empty"),
          detail: t("timetable.availability.emptyDetail"),
          action: declare,
        }}
      />
      <FormDialog
        title={asked === "new" ? t("timetable.availability.declare") : t("timetable.availability.edit")}
        opened={asked !== null}
        onClose={() => setAsked(null)}
      >
        {asked && (
          <AvailabilityForm
            declared={asked === "new" ? null : asked}
            whose={whose}
            isChosen={isPlanner}
            onDone={() => setAsked(null)}
          />
        )}
      </FormDialog>
    </>
  );
}

function useFilters(isPlanner: boolean, kind: string | undefined): TableFilter[] {
  const { t } = useTranslation();
  const label = useLabel();
  if (!isPlanner) return [];
  const kinds: TableFilter = {
    name: "subject_kind",
    label: t("timetable.availability.kind"),
    options: SUBJECTS.map((value) => ({ value, label: label("timetable.availability.subject", value) })),
    clears: ["subject_id"],
  };
  if (!isKind(kind)) return [kinds];
  return [
    kinds,
    {
      name: "subject_id",
      label: label("timetable.availability.subject", kind),
      control: (field) => <ReferenceFilter key={kind} field={field} {...LISTS[kind]} />,
    },
  ];
}

type Acts = {
  isPlanner: boolean;
  mayDeclare: boolean;
  onEdit: (row: Declared) => void;
  onWithdrawn: () => Promise<void>;
};

function useColumns({ isPlanner, mayDeclare, onEdit, onWithdrawn }: Acts): Column<Declared>[] {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const days = useDayNames();
  return useMemo(() => {
    const time = (row: Declared) => `${row.start_time.slice(0, 5)}–${row.end_time.slice(0, 5)}`;
    const own: Column<Declared>[] = [
      {
        id: "day",
        header: t("timetable.availability.day"),
        sort: "day_of_week",
        cell: (row) => days.long(row.day_of_week),
      },
      {
        id: "time",
        header: t("timetable.grid.time"),
        sort: "start_time",
        cell: (row) => <bdi dir="ltr">{time(row)}</bdi>,
      },
      {
        id: "level",
        header: t("timetable.availability.what"),
        sort: "level",
        cell: (row) => (
          <StatusBadge status={row.level} label={label("timetable.availability.level", row.level)} />
        ),
      },
      {
        id: "valid",
        header: t("timetable.availability.valid"),
        cell: (row) =>
          row.to_date
            ? `${format.date(row.from_date)} – ${format.date(row.to_date)}`
            : t("timetable.availability.since", { date: format.date(row.from_date) }),
      },
    ];
    const whose: Column<Declared> = {
      id: "subject",
      header: t("timetable.availability.whose"),
      cell: (row) => <SubjectName row={row} />,
    };
    const acts: Column<Declared> = {
      id: "acts",
      header: t("timetable.rows.actions"),
      align: "end",
      cell: (row) =>
        row.can_edit && (
          <Group gap={4} justify="flex-end" wrap="nowrap">
            <Button size="compact-sm" variant="subtle" onClick={() => onEdit(row)}>
              {t("ui.edit")}
            </Button>
            <ConfirmButton
              size="compact-sm"
              variant="subtle"
              color="madder"
              title={t("timetable.availability.withdrawTitle")}
              question={t("timetable.availability.withdrawBody", {
                day: days.long(row.day_of_week),
                time: time(row),
              })}
              confirm={t("timetable.availability.withdraw")}
              act={() => writeJson("DELETE", `${AVAILABILITIES}${row.id}/`)}
              onDone={onWithdrawn}
            >
              {t("timetable.availability.withdraw")}
            </ConfirmButton>
          </Group>
        ),
    };
    return [...(isPlanner ? [whose] : []), ...own, ...(mayDeclare ? [acts] : [])];
  }, [t, label, format, days, isPlanner, mayDeclare, onEdit, onWithdrawn]);
}

function SubjectName({ row }: { row: Declared }) {
  const label = useLabel();
  return (
    <>
      <Bidi>{row.subject_name || `#${row.subject_id}`}</Bidi>{" "}
      <small style={{ color: "var(--mantine-color-dimmed)" }}>
        {label("timetable.availability.subject", row.subject_kind)}
      </small>
    </>
  );
}
