import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCertificate, IconFileCertificate, IconStack2 } from "@tabler/icons-react";
import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { type Column, DataTable } from "../../../ui/DataTable";
import { FormDialog } from "../../../ui/FormDialog";
import { Moment } from "../../../ui/Moment";
import { PageHeader } from "../../../ui/PageHeader";
import { StatusBadge } from "../../../ui/StatusBadge";
import { AskForm } from "../forms/AskForm";
import { BatchForm } from "../forms/BatchForm";
import { CertificateForm } from "../forms/CertificateForm";
import { DOCUMENTS, ISSUE, KINDS, type ListedDocument, STATUSES } from "../queries";

const route = getRouteApi("/shell/documents");

/** Transcripts and certificates: one's own, or all of them for the offices that issue them. */
export function DocumentsPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const can = useCan();
  const navigate = route.useNavigate();
  const { ask: isWanted, ...search } = route.useSearch();
  const [isAsking, asking] = useDisclosure(isWanted === "transcript");
  const [isCertifying, certifying] = useDisclosure(false);
  const [isBatch, batch] = useDisclosure(false);
  const isLearner = can("enrollment.self");
  const columns = useColumns(isLearner);
  const ask = can(ISSUE) && (
    <Button leftSection={<IconCertificate size={16} aria-hidden="true" />} onClick={asking.open}>
      {isLearner ? t("documents.askOwn") : t("documents.ask")}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={isLearner ? t("documents.own") : t("documents.title")}
        lead={t("documents.lead")}
        actions={
          <>
            {can(ISSUE) && !isLearner && (
              <Button
                variant="default"
                leftSection={<IconStack2 size={16} aria-hidden="true" />}
                onClick={batch.open}
              >
                {t("documents.batch.start")}
              </Button>
            )}
            {can(ISSUE) && !isLearner && (
              <Button
                variant="default"
                leftSection={<IconFileCertificate size={16} aria-hidden="true" />}
                onClick={certifying.open}
              >
                {t("documents.certificate.title")}
              </Button>
            )}
            {ask}
          </>
        }
      />
      <DataTable
        path={DOCUMENTS}
        caption={t("documents.title")}
        columns={columns}
        rowId={(row) => row.id}
        rowLink={(row) => linkOptions({ to: "/documents/$id", params: { id: String(row.id) } })}
        search={search}
        filters={[
          {
            name: "kind",
            label: t("documents.fields.kind"),
            options: KINDS.map((value) => ({ value, label: t(`documents.kinds.${value}`) })),
          },
          {
            name: "status",
            label: t("documents.fields.status"),
            options: STATUSES.map((value) => ({ value, label: label("ui.status", value) })),
          },
        ]}
        empty={{ title: t("documents.empty"), detail: t("documents.emptyDetail"), action: ask }}
      />
      <FormDialog
        opened={isAsking}
        onClose={asking.close}
        title={isLearner ? t("documents.askOwn") : t("documents.ask")}
      >
        <AskForm
          onIssued={(id) => void navigate({ to: "/documents/$id", params: { id: String(id) } })}
          onClose={asking.close}
        />
      </FormDialog>
      <FormDialog opened={isCertifying} onClose={certifying.close} title={t("documents.certificate.title")}>
        <CertificateForm
          onIssued={({ id }) => void navigate({ to: "/documents/$id", params: { id: String(id) } })}
        />
      </FormDialog>
      <FormDialog opened={isBatch} onClose={batch.close} title={t("documents.batch.start")}>
        <BatchForm
          onDone={({ id }) => void navigate({ to: "/documents/batches/$id", params: { id: String(id) } })}
        />
      </FormDialog>
    </>
  );
}

function useColumns(isLearner: boolean): Column<ListedDocument>[] {
  const { t } = useTranslation();
  return useMemo<Column<ListedDocument>[]>(
    () => [
      {
        id: "number",
        header: t("documents.fields.number"),
        sort: "number",
        cell: (row) => <Code>{row.number}</Code>,
      },
      { id: "kind", header: t("documents.fields.kind"), cell: (row) => t(`documents.kinds.${row.kind}`) },
      ...(isLearner
        ? []
        : [
            {
              id: "learner",
              header: t("documents.fields.learner"),
              cell: (row: ListedDocument) => (
                <>
                  <Bidi>{row.full_name}</Bidi> <Code>{row.reg_no}</Code>
                </>
              ),
            },
          ]),
      {
        id: "status",
        header: t("documents.fields.status"),
        sort: "status",
        cell: (row) => <StatusBadge status={row.status} />,
      },
      {
        id: "issued_at",
        header: t("documents.fields.issued_at"),
        sort: "issued_at",
        cell: (row) => <Moment at={row.issued_at} />,
      },
      {
        id: "issued_by",
        header: t("documents.fields.issued_by"),
        isExtra: true,
        cell: (row) => <Bidi>{row.issued_by}</Bidi>,
      },
    ],
    [t, isLearner],
  );
}
