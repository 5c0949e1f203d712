import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listQuery } from "../../../api/lists";
import { useCan } from "../../../api/me";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { FormDialog } from "../../../ui/FormDialog";
import { Loaded } from "../../../ui/Loaded";
import { AnchorLink } from "../../../ui/links";
import { Panel } from "../../../ui/Panel";
import { SmallTable } from "../../../ui/SmallTable";
import { StatusBadge } from "../../../ui/StatusBadge";
import { BatchForm } from "../forms/BatchForm";
import { BATCHES, type Program } from "../queries";

export function Batches({ program }: { program: Program }) {
  const { t } = useTranslation();
  const can = useCan();
  const [isOpen, { open, close }] = useDisclosure(false);
  const query = useQuery(listQuery(BATCHES, { program: program.id, page_size: 100 }));
  return (
    <Panel
      flush
      title={t("academics.batch.title")}
      actions={
        can("batch.manage") && (
          <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size={16} />} onClick={open}>
            {t("academics.batch.create")}
          </Button>
        )
      }
    >
      <Loaded query={query}>
        {({ results }) => (
          <SmallTable
            caption={t("academics.batch.title")}
            rows={results}
            rowId={(batch) => batch.id}
            empty={t("academics.batch.empty")}
            columns={[
              {
                id: "name",
                header: t("academics.fields.name"),
                cell: (batch) => (
                  <AnchorLink to="/academics/batches/$id" params={{ id: String(batch.id) }}>
                    <Bidi>{batch.name}</Bidi>
                  </AnchorLink>
                ),
              },
              {
                id: "code",
                header: t("academics.fields.code"),
                cell: (batch) => <Code>{batch.code}</Code>,
              },
              {
                id: "years",
                header: t("academics.batch.years"),
                cell: (batch) => (
                  <Code>
                    {batch.intake_year}–{batch.graduation_year}
                  </Code>
                ),
              },
              {
                id: "groups",
                header: t("academics.group.title"),
                align: "end",
                cell: (batch) => batch.group_count,
              },
              {
                id: "students",
                header: t("academics.batch.students"),
                align: "end",
                cell: (batch) => batch.student_count,
              },
              {
                id: "active",
                header: t("academics.fields.status"),
                cell: (batch) => <StatusBadge status={batch.is_active ? "active" : "inactive"} />,
              },
            ]}
          />
        )}
      </Loaded>
      <FormDialog title={t("academics.batch.create")} opened={isOpen} onClose={close} size="md">
        <BatchForm program={program.id} onDone={close} />
      </FormDialog>
    </Panel>
  );
}
