import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ListSearch } from "../../../api/lists";
import { useCan } from "../../../api/me";
import { movesOf, useMove } from "../../../api/moves";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { type Column, DataTable } from "../../../ui/DataTable";
import { FormDialog } from "../../../ui/FormDialog";
import { Loaded } from "../../../ui/Loaded";
import { AnchorLink } from "../../../ui/links";
import { Moment } from "../../../ui/Moment";
import { MoveButtons } from "../../../ui/MoveButtons";
import { StatusBadge } from "../../../ui/StatusBadge";
import { useSaved } from "../../../ui/useSaved";
import {
  ENROLLMENT_STATUSES,
  ENROLLMENTS,
  type Enrollment,
  type EnrollmentDetail,
  recordQuery,
  SECTIONS,
  type Section,
} from "../queries";

type Props = { section: Section; search: ListSearch; action: ReactNode };

/** Who holds or held a seat, and how a seat ends. */
export function Roster({ section, search, action }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const can = useCan();
  const [asked, setAsked] = useState<Enrollment | null>(null);
  const mayManage = can("enrollment.manage");
  const columns = useMemo<Column<Enrollment>[]>(
    () => [
      {
        id: "student",
        header: t("academics.enrol.student"),
        cell: (row) => (
          <AnchorLink to="/academics/students/$id" params={{ id: String(row.student) }} c="inherit" fw={600}>
            <Bidi>{row.student_name}</Bidi>
          </AnchorLink>
        ),
      },
      {
        id: "reg_no",
        header: t("academics.enrol.regNo"),
        sort: "student__reg_no",
        cell: (row) => <Code>{row.reg_no}</Code>,
      },
      {
        id: "since",
        header: t("academics.enrol.since"),
        sort: "enrolled_at",
        cell: (row) => <Moment at={row.enrolled_at} />,
      },
      {
        id: "by",
        header: t("academics.enrol.by"),
        isExtra: true,
        cell: (row) => <Bidi>{row.enrolled_by}</Bidi>,
      },
      {
        id: "status",
        header: t("academics.fields.status"),
        sort: "status",
        cell: (row) => <StatusBadge status={row.status} />,
      },
      {
        id: "reason",
        header: t("academics.enrol.reason"),
        cell: (row) => row.drop_reason && <Bidi>{row.drop_reason}</Bidi>,
      },
      {
        id: "acts",
        header: "",
        align: "end",
        cell: (row) =>
          mayManage &&
          row.status === "active" && (
            <Button size="compact-xs" variant="subtle" onClick={() => setAsked(row)}>
              {t("academics.enrol.end")}
            </Button>
          ),
      },
    ],
    [t, mayManage],
  );
  return (
    <>
      <DataTable
        path={ENROLLMENTS}
        caption={t("academics.enrol.roster")}
        columns={columns}
        rowId={(row) => row.id}
        search={search}
        defaults={{ page_size: 50, ordering: "student__reg_no" }}
        fixed={{ section: section.id }}
        filters={[
          {
            name: "status",
            label: t("academics.fields.status"),
            options: ENROLLMENT_STATUSES.map((value) => ({ value, label: label("ui.status", value) })),
          },
        ]}
        empty={{
          title: t("academics.enrol.empty"),
          detail: t("academics.enrol.emptyDetail"),
          action,
        }}
      />
      <FormDialog
        title={asked && <Bidi>{asked.student_name}</Bidi>}
        opened={asked !== null}
        onClose={() => setAsked(null)}
        size="md"
      >
        {asked && <EndSeat id={asked.id} onDone={() => setAsked(null)} />}
      </FormDialog>
    </>
  );
}

function EndSeat({ id, onDone }: { id: number; onDone: () => void }) {
  const query = useQuery(recordQuery<EnrollmentDetail>(ENROLLMENTS, id));
  return (
    <Loaded query={query} rows={1}>
      {(enrollment) => <EndMoves enrollment={enrollment} onDone={onDone} />}
    </Loaded>
  );
}

const BY_RESULTS = "complete";

function EndMoves({ enrollment, onDone }: { enrollment: EnrollmentDetail; onDone: () => void }) {
  const { t } = useTranslation();
  const saved = useSaved(ENROLLMENTS, SECTIONS);
  const { mutateAsync } = useMove({
    url: `${ENROLLMENTS}${enrollment.id}/`,
    version: enrollment.version,
    invalidate: [],
  });
  // Completing is what the publication of results does.
  const moves = movesOf(enrollment.moves).filter(({ name }) => name !== BY_RESULTS);
  return (
    <>
      <p>{t("academics.enrol.endHint")}</p>
      <MoveButtons
        moves={moves}
        primary=""
        onMove={async (request) => {
          await mutateAsync(request);
          await saved();
          onDone();
        }}
      />
    </>
  );
}
