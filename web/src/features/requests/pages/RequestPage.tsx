import { Button } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { type MoveRequest, movesOf, useMove } from "../../../api/moves";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { Columns } from "../../../ui/Columns";
import { Facts } from "../../../ui/Facts";
import { FormDialog } from "../../../ui/FormDialog";
import { JournalPanel } from "../../../ui/JournalPanel";
import { AnchorLink } from "../../../ui/links";
import { Moment } from "../../../ui/Moment";
import { MoveButtons } from "../../../ui/MoveButtons";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { Priority } from "../../../ui/Priority";
import { StatusBadge } from "../../../ui/StatusBadge";
import { AssignForm } from "../forms/AssignForm";
import { MendForm } from "../forms/MendForm";
import { type Resolution, ResolveForm } from "../forms/ResolveForm";
import { shownMoves } from "../moves";
import { Conversation } from "../parts/Conversation";
import { Papers } from "../parts/Papers";
import { REQUESTS, type Request, requestQuery, requestUrl } from "../queries";
import classes from "./RequestPage.module.css";

const route = getRouteApi("/shell/requests/$id");
type Dialog = "edit" | "assign" | Resolution;
const ASKED = new Set<string>(["assign", "approve", "complete", "cancel"]);

export function RequestPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const { id } = route.useParams();
  const { data: request } = useSuspenseQuery(requestQuery(id));
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = () => setDialog(null);
  const url = requestUrl(request.id);
  const { mutateAsync } = useMove({
    url,
    version: request.version,
    invalidate: [[url], [REQUESTS], [`${url}timeline/`]],
  });
  const moves = shownMoves(movesOf(request.moves));
  const move = async (asked: MoveRequest) => {
    if (ASKED.has(asked.name)) setDialog(asked.name as Dialog);
    else await mutateAsync(asked);
  };
  // To take something back is never what one usually comes for.
  const main = moves.find(({ allowed, name }) => allowed && name !== "cancel")?.name ?? "none";
  return (
    <>
      <PageHeader
        title={request.title}
        heading={<Bidi>{request.title}</Bidi>}
        badge={<StatusBadge status={request.status} />}
        lead={
          <>
            <Bidi>{request.type_name}</Bidi> · <Bidi>{request.requester_name}</Bidi> ·{" "}
            <Moment at={request.submitted_at} />
          </>
        }
        up={<AnchorLink to="/requests">{t("requests.title")}</AnchorLink>}
        actions={moves.length > 0 && <MoveButtons moves={moves} onMove={move} primary={main} />}
      />
      <Columns side={<JournalPanel title={t("requests.timeline")} url={`${url}timeline/`} />}>
        <Panel
          title={t("requests.about")}
          actions={
            request.is_editable && (
              <Button
                variant="subtle"
                size="compact-sm"
                leftSection={<IconPencil size={16} />}
                onClick={() => setDialog("edit")}
              >
                {t("ui.edit")}
              </Button>
            )
          }
        >
          {request.description && (
            <p className={classes.description}>
              <Bidi>{request.description}</Bidi>
            </p>
          )}
          <About request={request} />
        </Panel>
        <Papers request={request} />
        <Conversation request={request} />
      </Columns>
      <FormDialog title={t("requests.edit")} opened={dialog === "edit"} onClose={close}>
        <MendForm key={request.version} request={request} onDone={close} />
      </FormDialog>
      <FormDialog title={t("requests.assign.title")} opened={dialog === "assign"} onClose={close} size="md">
        <AssignForm request={request} onDone={close} />
      </FormDialog>
      {dialog && dialog !== "edit" && dialog !== "assign" && (
        <FormDialog title={label("requests.resolve", dialog)} opened onClose={close} size="md">
          <ResolveForm key={dialog} request={request} name={dialog} onDone={close} />
        </FormDialog>
      )}
    </>
  );
}

const written = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

function About({ request }: { request: Request }) {
  const { t } = useTranslation();
  const can = useCan();
  const { student, reg_no, student_name, assigned_to_name, resolved_at, resolution_notes } = request;
  const whom = student !== null && (
    <>
      <Code>{reg_no ?? ""}</Code> <Bidi>{student_name}</Bidi>
    </>
  );
  return (
    <Facts
      items={[
        {
          label: t("requests.fields.requester"),
          value: can("person.view") ? (
            <AnchorLink to="/directory/people/$id" params={{ id: String(request.requester) }}>
              <Bidi>{request.requester_name}</Bidi>
            </AnchorLink>
          ) : (
            <Bidi>{request.requester_name}</Bidi>
          ),
        },
        {
          label: t("requests.fields.student"),
          value:
            whom && can("student.view") ? (
              <AnchorLink to="/academics/students/$id" params={{ id: String(student) }}>
                {whom}
              </AnchorLink>
            ) : (
              whom || null
            ),
        },
        { label: t("requests.fields.priority"), value: <Priority value={request.priority} /> },
        {
          label: t("requests.fields.assigned"),
          value: assigned_to_name ? <Bidi>{assigned_to_name}</Bidi> : null,
        },
        { label: t("requests.fields.resolved"), value: resolved_at ? <Moment at={resolved_at} /> : null },
        {
          label: t("requests.fields.outcome"),
          value: resolution_notes ? <Bidi>{resolution_notes}</Bidi> : null,
        },
        ...Object.entries(request.data).map(([name, value]) => ({
          label: name,
          value: <Bidi>{written(value)}</Bidi>,
        })),
      ]}
    />
  );
}
