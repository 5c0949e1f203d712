import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCalendarPlus, IconWand } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { writeJson } from "../../../api/transport";
import type { Answer } from "../../../api/types";
import { EmptyState } from "../../../ui/EmptyState";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { FormDialog } from "../../../ui/FormDialog";
import { Loaded } from "../../../ui/Loaded";
import { ButtonLink } from "../../../ui/links";
import { Notice } from "../../../ui/Notice";
import { Panel } from "../../../ui/Panel";
import { useSaved } from "../../../ui/useSaved";
import { LayOutForm } from "../forms/LayOutForm";
import { PERIODS, PROGRAMS, type Program, treeQuery } from "../queries";
import { PeriodTree } from "./PeriodTree";

type Generated = Answer<"/api/v1/academics/programs/{pk}/generate-periods/", "post">;

/** The template of the program's time: generated once it is finalised, then dated for each batch. */
export function TemplatePeriods({ program }: { program: Program }) {
  const { t } = useTranslation();
  const can = useCan();
  const saved = useSaved(PERIODS);
  const [isLayingOut, setLayingOut] = useState(false);
  const query = useQuery(treeQuery({ program: program.id, is_template: true }));
  const mayManage = can("period.manage");
  const isFinalized = program.status === "finalized";
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => writeJson<Generated>("POST", `${PROGRAMS}${program.id}/generate-periods/`, {}),
    onSuccess: async ({ created_count, existing_count }) => {
      await saved();
      notifications.show({
        color: "leaf",
        message: t("academics.template.generated", { made: created_count, there: existing_count }),
      });
    },
  });
  const isEmpty = query.data?.length === 0;
  const generate = mayManage && (
    <Button
      variant={isEmpty ? "filled" : "default"}
      size="compact-sm"
      leftSection={<IconWand size={16} />}
      disabled={!isFinalized}
      loading={isPending}
      onClick={() => mutate()}
    >
      {t("academics.template.generate")}
    </Button>
  );
  return (
    <Panel
      flush
      title={t("academics.template.title")}
      actions={
        <Group gap="xs" wrap="nowrap">
          {generate}
          {mayManage && isFinalized && (
            <Button
              variant={isEmpty ? "default" : "filled"}
              size="compact-sm"
              leftSection={<IconCalendarPlus size={16} />}
              onClick={() => setLayingOut(true)}
            >
              {t("academics.layOut.open")}
            </Button>
          )}
        </Group>
      }
    >
      {error && <ErrorPanel error={error} />}
      {mayManage && !isFinalized && <Notice tone="wait">{t("academics.template.finalizeFirst")}</Notice>}
      <Loaded query={query}>
        {(roots) =>
          roots.length === 0 ? (
            <EmptyState title={t("academics.template.empty")} detail={t("academics.template.emptyDetail")} />
          ) : (
            <PeriodTree roots={roots} caption={t("academics.template.title")} isTemplate />
          )
        }
      </Loaded>
      <Group px="md" py="sm" justify="space-between">
        <Text size="xs" c="dimmed">
          {t("academics.template.hint")}
        </Text>
        <ButtonLink
          variant="subtle"
          size="compact-sm"
          to="/academics/periods"
          search={{ program: String(program.id) }}
        >
          {t("academics.template.calendar")}
        </ButtonLink>
      </Group>
      <FormDialog
        title={t("academics.layOut.title")}
        opened={isLayingOut}
        onClose={() => setLayingOut(false)}
        size="xl"
      >
        <LayOutForm program={program.id} onDone={() => setLayingOut(false)} />
      </FormDialog>
    </Panel>
  );
}
