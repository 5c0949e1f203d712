import { Anchor, Button, Group } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDownload, IconSend } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { movesOf, useMove } from "../../../api/moves";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { Columns } from "../../../ui/Columns";
import { CopyField } from "../../../ui/CopyField";
import { Facts } from "../../../ui/Facts";
import { FilePreview } from "../../../ui/FilePreview";
import { FormDialog } from "../../../ui/FormDialog";
import { useFormat } from "../../../ui/format";
import { AnchorLink } from "../../../ui/links";
import { MoveButtons } from "../../../ui/MoveButtons";
import { Notice } from "../../../ui/Notice";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { RowsSkeleton } from "../../../ui/Skeletons";
import { StatusBadge } from "../../../ui/StatusBadge";
import { AskForm } from "../forms/AskForm";
import { DOCUMENTS, documentQuery, documentUrl, ISSUE, type IssuedDocument } from "../queries";

const route = getRouteApi("/shell/documents/$id");

/** One document: what it is, whether it holds, and how a stranger checks it. */
export function DocumentPage() {
  const { t } = useTranslation();
  const can = useCan();
  const { id } = route.useParams();
  const navigate = route.useNavigate();
  const { data: row } = useSuspenseQuery(documentQuery(id));
  const [isSending, sending] = useDisclosure(false);
  const url = documentUrl(row.id);
  const { mutateAsync } = useMove({ url, version: row.version, invalidate: [[url], [DOCUMENTS]] });
  const moves = movesOf(row.moves).filter(
    ({ missing }) => !missing.some(({ code }) => code === "wrong_status"),
  );
  const file = `${url}file/`;
  return (
    <>
      <PageHeader
        title={row.number}
        heading={<bdi dir="ltr">{row.number}</bdi>}
        badge={<StatusBadge status={row.status} />}
        lead={
          <>
            {t(`documents.kinds.${row.kind}`)} · <Bidi>{row.full_name}</Bidi>
          </>
        }
        up={<AnchorLink to="/documents">{t("documents.title")}</AnchorLink>}
        actions={
          <>
            {moves.length > 0 && <MoveButtons moves={moves} onMove={mutateAsync} primary="none" />}
            {row.kind === "transcript" && can(ISSUE) && (
              <Button
                variant="default"
                leftSection={<IconSend size={16} aria-hidden="true" />}
                onClick={sending.open}
              >
                {t("documents.sendAgain")}
              </Button>
            )}
            {row.is_ready && (
              <Button
                component="a"
                href={file}
                download
                leftSection={<IconDownload size={16} aria-hidden="true" />}
              >
                {t("documents.download")}
              </Button>
            )}
          </>
        }
      />
      {row.status === "superseded" && (
        <Notice role="status">{t("documents.superseded", { number: row.replaced_by ?? "" })}</Notice>
      )}
      {row.status === "revoked" && (
        <Notice role="status">{t("documents.revoked", { reason: row.reason })}</Notice>
      )}
      <Columns side={<About row={row} />}>
        <Panel title={t("documents.sheet")}>
          {row.is_ready ? <FilePreview url={file} name={row.number} /> : <RowsSkeleton rows={6} />}
        </Panel>
      </Columns>
      <FormDialog opened={isSending} onClose={sending.close} title={t("documents.sendAgain")}>
        <AskForm
          person={row.person}
          onClose={sending.close}
          onIssued={(found) => {
            sending.close();
            void navigate({ to: "/documents/$id", params: { id: String(found) } });
          }}
        />
      </FormDialog>
    </>
  );
}

function About({ row }: { row: IssuedDocument }) {
  const { t } = useTranslation();
  const { dateTime } = useFormat();
  return (
    <>
      <Panel title={t("documents.about")}>
        <Facts
          items={[
            { label: t("documents.fields.learner"), value: <Bidi>{row.full_name}</Bidi> },
            { label: t("documents.fields.reg_no"), value: row.reg_no ? <Code>{row.reg_no}</Code> : null },
            { label: t("documents.fields.issued_at"), value: dateTime(row.issued_at) },
            { label: t("documents.fields.issued_by"), value: <Bidi>{row.issued_by}</Bidi> },
            { label: t("documents.fields.language"), value: t(`documents.languages.${row.language}`) },
            { label: t("documents.fields.hash"), value: <Code>{row.printed_hash}</Code> },
            {
              label: t("documents.fields.revoked_by"),
              value: row.revoked_by_name ? <Bidi>{row.revoked_by_name}</Bidi> : null,
            },
          ]}
        />
      </Panel>
      <Panel title={t("documents.verify")}>
        <Group gap="xs" align="flex-end">
          <CopyField label={t("documents.verifyAddress")} value={row.verify_url} />
          <Anchor href={row.verify_url} target="_blank" rel="noreferrer" size="sm">
            {t("documents.openVerify")}
          </Anchor>
        </Group>
      </Panel>
    </>
  );
}
