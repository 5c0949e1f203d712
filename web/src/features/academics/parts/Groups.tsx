import { Button, Group as Row } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listQuery } from "../../../api/lists";
import { useCan } from "../../../api/me";
import { writeJson } from "../../../api/transport";
import { Bidi } from "../../../ui/Bidi";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { FormDialog } from "../../../ui/FormDialog";
import { Loaded } from "../../../ui/Loaded";
import { AnchorLink } from "../../../ui/links";
import { Panel } from "../../../ui/Panel";
import { SeatsBar } from "../../../ui/SeatsBar";
import { SmallTable } from "../../../ui/SmallTable";
import { useSaved } from "../../../ui/useSaved";
import { GroupForm } from "../forms/GroupForm";
import { BATCHES, type Batch, GROUPS, type Group } from "../queries";

export function Groups({ batch }: { batch: Batch }) {
  const { t } = useTranslation();
  const can = useCan();
  const saved = useSaved(GROUPS, BATCHES);
  const [asked, setAsked] = useState<Group | "new" | null>(null);
  const mayManage = can("batch.manage");
  const query = useQuery(listQuery(GROUPS, { batch: batch.id, page_size: 100, ordering: "position" }));
  return (
    <Panel
      flush
      title={t("academics.group.title")}
      actions={
        mayManage && (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconPlus size={16} />}
            onClick={() => setAsked("new")}
          >
            {t("academics.group.create")}
          </Button>
        )
      }
    >
      <Loaded query={query}>
        {({ results }) => (
          <SmallTable
            caption={t("academics.group.title")}
            rows={results}
            rowId={(group) => group.id}
            empty={t("academics.group.empty")}
            columns={[
              {
                id: "name",
                header: t("academics.fields.name"),
                cell: (group) => (
                  <AnchorLink
                    to="/academics/students"
                    search={{
                      program: String(group.program),
                      batch: String(group.batch),
                      group: String(group.id),
                    }}
                  >
                    <Bidi>{group.name}</Bidi>
                  </AnchorLink>
                ),
              },
              {
                id: "students",
                header: t("academics.batch.students"),
                cell: (group) => <SeatsBar taken={group.student_count ?? 0} capacity={group.capacity} />,
              },
              {
                id: "acts",
                header: "",
                align: "end",
                cell: (group) =>
                  mayManage && (
                    <Row gap={4} justify="flex-end" wrap="nowrap">
                      <Button size="compact-xs" variant="subtle" onClick={() => setAsked(group)}>
                        {t("ui.edit")}
                      </Button>
                      <ConfirmButton
                        size="compact-xs"
                        variant="subtle"
                        color="madder"
                        title={t("academics.group.delete")}
                        question={t("academics.deleteQuestion", { name: group.name })}
                        confirm={t("ui.delete")}
                        act={() => writeJson("DELETE", `${GROUPS}${group.id}/`)}
                        onDone={saved}
                      >
                        {t("ui.delete")}
                      </ConfirmButton>
                    </Row>
                  ),
              },
            ]}
          />
        )}
      </Loaded>
      <FormDialog
        title={asked === "new" ? t("academics.group.create") : t("academics.group.edit")}
        opened={asked !== null}
        onClose={() => setAsked(null)}
        size="md"
      >
        <GroupForm
          batch={batch.id}
          group={asked === "new" || asked === null ? undefined : asked}
          onDone={() => setAsked(null)}
        />
      </FormDialog>
    </Panel>
  );
}
