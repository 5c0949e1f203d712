import { Button, Group, Text } from "@mantine/core";
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
import { Panel } from "../../../ui/Panel";
import { SmallTable } from "../../../ui/SmallTable";
import { useSaved } from "../../../ui/useSaved";
import { TrackForm } from "../forms/TrackForm";
import { type Program, TRACKS, type Track } from "../queries";

/** Tracks run beside one another; blocks on the same one follow one another. */
export function Tracks({ program }: { program: Program }) {
  const { t } = useTranslation();
  const can = useCan();
  const saved = useSaved(TRACKS);
  const [asked, setAsked] = useState<Track | "new" | null>(null);
  const mayManage = can("period.manage");
  const query = useQuery(listQuery(TRACKS, { program: program.id, page_size: 100 }));
  return (
    <Panel
      flush
      title={t("academics.track.title")}
      actions={
        mayManage && (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconPlus size={16} />}
            onClick={() => setAsked("new")}
          >
            {t("ui.add")}
          </Button>
        )
      }
    >
      <Loaded query={query} rows={1}>
        {({ results }) => (
          <SmallTable
            caption={t("academics.track.title")}
            rows={results}
            rowId={(track) => track.id}
            empty={t("academics.track.empty")}
            columns={[
              {
                id: "name",
                header: t("academics.fields.name"),
                cell: (track) => <Bidi>{track.name}</Bidi>,
              },
              {
                id: "acts",
                header: "",
                align: "end",
                cell: (track) =>
                  mayManage && (
                    <Group gap={4} justify="flex-end">
                      <Button size="compact-xs" variant="subtle" onClick={() => setAsked(track)}>
                        {t("ui.edit")}
                      </Button>
                      <ConfirmButton
                        size="compact-xs"
                        variant="subtle"
                        color="madder"
                        title={t("academics.track.delete")}
                        question={t("academics.deleteQuestion", { name: track.name })}
                        confirm={t("ui.delete")}
                        act={() => writeJson("DELETE", `${TRACKS}${track.id}/`)}
                        onDone={saved}
                      >
                        {t("ui.delete")}
                      </ConfirmButton>
                    </Group>
                  ),
              },
            ]}
          />
        )}
      </Loaded>
      <Text size="xs" c="dimmed" px="md" pb="sm">
        {t("academics.track.intro")}
      </Text>
      <FormDialog
        title={t("academics.track.title")}
        opened={asked !== null}
        onClose={() => setAsked(null)}
        size="md"
      >
        <TrackForm
          program={program.id}
          track={asked === "new" || asked === null ? undefined : asked}
          onDone={() => setAsked(null)}
        />
      </FormDialog>
    </Panel>
  );
}
