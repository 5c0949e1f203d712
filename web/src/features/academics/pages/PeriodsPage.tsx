import { Button, SegmentedControl, Select } from "@mantine/core";
import { IconCalendarPlus, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { useLabel } from "../../../i18n/label";
import { EmptyState } from "../../../ui/EmptyState";
import { FormDialog } from "../../../ui/FormDialog";
import { Loaded } from "../../../ui/Loaded";
import { ButtonLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { useOptions } from "../../../ui/useOptions";
import { chartOf } from "../bars";
import { LayOutForm } from "../forms/LayOutForm";
import { PeriodForm } from "../forms/PeriodForm";
import { PeriodBars } from "../parts/PeriodBars";
import { PeriodTree } from "../parts/PeriodTree";
import { BATCHES, type Period, PROGRAMS, treeQuery } from "../queries";
import { shownPeriods } from "../shown";
import classes from "./PeriodsPage.module.css";

const route = getRouteApi("/shell/academics/periods");

export function PeriodsPage() {
  const { t } = useTranslation();
  const can = useCan();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const programs = useOptions(PROGRAMS, (row) => row.name);
  const batches = useOptions(
    BATCHES,
    (row) => (search.program ? row.name : `${row.name} · ${row.program_name}`),
    {
      program: search.program,
    },
  );
  const [dialog, setDialog] = useState<"layOut" | "create" | null>(null);
  const tree = useQuery(treeQuery({ program: search.program, batch: search.batch, is_template: false }));
  const view = search.view === "tree" ? "tree" : "bars";
  const change = (patch: typeof search) =>
    void navigate({ search: (before) => ({ ...before, ...patch }), resetScroll: false });
  const program = search.program ? Number(search.program) : null;
  const batch = search.batch ? Number(search.batch) : null;
  const layOut = can("period.manage") && program !== null && (
    <Button leftSection={<IconCalendarPlus size={16} />} onClick={() => setDialog("layOut")}>
      {t("academics.layOut.open")}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t("academics.period.title")}
        lead={t("academics.period.lead")}
        actions={
          <>
            {can("period.manage") && program !== null && (
              <Button
                variant="default"
                leftSection={<IconPlus size={16} />}
                onClick={() => setDialog("create")}
              >
                {t("academics.period.create")}
              </Button>
            )}
            {layOut}
          </>
        }
      />
      <Panel flush>
        <div className={classes.bar}>
          <div className={classes.choices}>
            <Select
              aria-label={t("academics.fields.program")}
              placeholder={t("academics.period.anyProgram")}
              data={programs}
              dir="auto"
              clearable
              value={search.program ?? null}
              onChange={(next) => change({ program: next ?? undefined, batch: undefined })}
            />
            <Select
              aria-label={t("academics.fields.batch")}
              placeholder={t("academics.period.anyBatch")}
              data={batches}
              dir="auto"
              clearable
              value={search.batch ?? null}
              onChange={(next) => change({ batch: next ?? undefined })}
            />
          </div>
          <SegmentedControl
            aria-label={t("academics.period.view")}
            value={view}
            data={[
              { value: "bars", label: t("academics.period.bars") },
              { value: "tree", label: t("academics.period.list") },
            ]}
            onChange={(next) => change({ view: next })}
          />
        </div>
        <Loaded query={tree} rows={6}>
          {(roots) => <Calendar roots={roots} view={view} action={layOut || <ToPrograms />} />}
        </Loaded>
      </Panel>
      {program !== null && (
        <>
          <FormDialog
            title={t("academics.layOut.title")}
            opened={dialog === "layOut"}
            onClose={() => setDialog(null)}
            size="xl"
          >
            <LayOutForm program={program} onDone={() => setDialog(null)} />
          </FormDialog>
          <FormDialog
            title={t("academics.period.create")}
            opened={dialog === "create"}
            onClose={() => setDialog(null)}
          >
            <PeriodForm spot={{ program, batch, parent: null }} onDone={() => setDialog(null)} />
          </FormDialog>
        </>
      )}
    </>
  );
}

function ToPrograms() {
  const { t } = useTranslation();
  return (
    <ButtonLink to="/academics/programs" variant="default">
      {t("academics.period.toPrograms")}
    </ButtonLink>
  );
}

type CalendarProps = { roots: Period[]; view: "bars" | "tree"; action: React.ReactNode };

function Calendar({ roots, view, action }: CalendarProps) {
  const { t } = useTranslation();
  const label = useLabel();
  if (roots.length === 0) {
    return (
      <EmptyState
        title={t("academics.period.empty")}
        detail={t("academics.period.emptyDetail")}
        action={action}
      />
    );
  }
  if (view === "tree") return <PeriodTree roots={roots} caption={t("academics.period.title")} />;
  const kind = (value: string) => label("academics.periodKind", value);
  const chart = chartOf(shownPeriods(roots, { kind, everyBatch: t("academics.period.everyBatch") }));
  return chart ? (
    <PeriodBars chart={chart} caption={t("academics.period.title")} />
  ) : (
    <EmptyState title={t("academics.period.undated")} detail={t("academics.period.undatedDetail")} />
  );
}
