import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { type MoveRequest, movesOf, useMove } from "../../../api/moves";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { DateField } from "../../../ui/DateField";
import { Facts } from "../../../ui/Facts";
import { FormDialog } from "../../../ui/FormDialog";
import { FormShell } from "../../../ui/FormShell";
import { useFormat } from "../../../ui/format";
import { AnchorLink } from "../../../ui/links";
import { Moment } from "../../../ui/Moment";
import { MoveButtons } from "../../../ui/MoveButtons";
import { Notice } from "../../../ui/Notice";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { StatusBadge } from "../../../ui/StatusBadge";
import { useSaved } from "../../../ui/useSaved";
import { LeaveAttachment } from "../parts/LeaveAttachment";
import { LeaveSessions } from "../parts/LeaveSessions";
import { LEAVES, type Leave, recordQuery } from "../queries";

const route = getRouteApi("/shell/directory/leave/$id");

export function LeavePage() {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const can = useCan();
  const { id } = route.useParams();
  const { data: leave } = useSuspenseQuery(recordQuery<Leave>(LEAVES, id));
  const [isEnding, { open, close }] = useDisclosure(false);
  const url = `${LEAVES}${leave.id}/`;
  const { mutateAsync } = useMove({ url, version: leave.version, invalidate: [[url], [LEAVES]] });
  const moves = movesOf(leave.moves);
  const move = async (request: MoveRequest) => {
    if (request.name === "end") open();
    else await mutateAsync(request);
  };
  // Once decided, nothing about a leave is what one usually comes for; least of all to cancel it.
  const primary = leave.status === "pending" ? {} : { primary: "none" };
  const title = label("directory.leaveKind", leave.kind);
  return (
    <>
      <PageHeader
        title={`${title}, ${leave.person.name}`}
        heading={<Bidi>{leave.person.name}</Bidi>}
        badge={<StatusBadge status={leave.status} />}
        lead={`${title} · ${format.date(leave.start_date)} – ${leave.end_date ? format.date(leave.end_date) : t("directory.leave.ongoing")}`}
        up={<AnchorLink to="/directory/leave">{t("directory.leave.title")}</AnchorLink>}
        actions={moves.length > 0 && <MoveButtons moves={moves} onMove={move} {...primary} />}
      />
      <div style={{ display: "grid", gap: "1.5rem", maxWidth: "56rem" }}>
        {leave.status === "pending" && Boolean(leave.sessions_affected) && (
          <Notice tone="wait">
            {t("directory.leave.sessions", { count: leave.sessions_affected ?? 0 })}
          </Notice>
        )}
        {leave.status === "pending" && Boolean(leave.sessions_affected) && can("session.view") && (
          <LeaveSessions leave={leave} />
        )}
        <Panel title={t("directory.leave.facts")}>
          <Facts
            items={[
              {
                label: t("directory.leave.who"),
                value: can("person.view") ? (
                  <AnchorLink to="/directory/people/$id" params={{ id: String(leave.person.id) }}>
                    <Bidi>{leave.person.name}</Bidi>
                  </AnchorLink>
                ) : (
                  <Bidi>{leave.person.name}</Bidi>
                ),
              },
              { label: t("directory.leave.first"), value: format.day(leave.start_date) },
              {
                label: t("directory.leave.last"),
                value: leave.end_date ? format.day(leave.end_date) : t("directory.leave.ongoing"),
              },
              {
                label: t("directory.leave.reason"),
                value: leave.reason ? <Bidi>{leave.reason}</Bidi> : null,
              },
              {
                label: t("directory.leave.askedBy"),
                value: (
                  <>
                    {leave.requested_by && <Bidi>{leave.requested_by.name}</Bidi>}{" "}
                    <Moment at={leave.created_at} />
                  </>
                ),
              },
              {
                label: t("directory.leave.decidedBy"),
                value: leave.decided_by && leave.decided_at && (
                  <>
                    <Bidi>{leave.decided_by.name}</Bidi> <Moment at={leave.decided_at} />
                  </>
                ),
              },
              {
                label: t("directory.leave.note"),
                value: leave.decision_note ? <Bidi>{leave.decision_note}</Bidi> : null,
              },
              {
                label: t("directory.leave.suspends"),
                value: leave.suspends_study ? t("ui.yes") : t("ui.no"),
              },
              {
                label: t("directory.leave.counts"),
                value: leave.counts_toward_graduation ? t("ui.yes") : t("ui.no"),
              },
            ]}
          />
          <LeaveAttachment leave={leave} />
        </Panel>
      </div>
      <FormDialog title={t("directory.leave.end")} opened={isEnding} onClose={close} size="md">
        <EndForm leave={leave} onDone={close} />
      </FormDialog>
    </>
  );
}

function EndForm({ leave, onDone }: { leave: Leave; onDone: () => void }) {
  const { t } = useTranslation();
  const saved = useSaved(LEAVES);
  const form = useForm<{ date: string | null }>({
    initialValues: { date: leave.end_date },
    validate: { date: (value) => (value ? null : t("directory.needed")) },
  });
  return (
    <FormShell
      form={form}
      submitLabel={t("directory.leave.end")}
      onSubmit={(values, { idempotencyKey }) =>
        writeJson("POST", `${LEAVES}${leave.id}/moves/end/`, values, { idempotencyKey })
      }
      onDone={async () => {
        await saved();
        onDone();
      }}
    >
      <DateField label={t("directory.leave.last")} required {...form.getInputProps("date")} />
    </FormShell>
  );
}
