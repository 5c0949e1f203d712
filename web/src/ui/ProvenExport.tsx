import { Button, Menu, Modal, Stack } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fetchExport, type LongExport } from "../api/exports";
import { exportUrl, type ListSearch } from "../api/lists";
import { ErrorPanel } from "./ErrorPanel";
import { JobProgress } from "./JobProgress";

/** The export of a list for which the server asks who is there; a long one is made while its progress is shown. */
export function ProvenExport({ url, search }: { url: string; search: ListSearch }) {
  const { t } = useTranslation();
  const [long, setLong] = useState<LongExport | null>(null);
  const [isReady, setReady] = useState(false);
  const fetched = useMutation({ mutationFn: fetchExport });
  const ask = (format: "csv" | "xlsx") =>
    fetched.mutate(exportUrl(url, format, search), { onSuccess: (made) => setLong(made) });
  const close = () => {
    setLong(null);
    setReady(false);
    fetched.reset();
  };
  return (
    <>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <Button variant="default" loading={fetched.isPending} leftSection={<IconDownload size={16} />}>
            {t("ui.table.export")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => ask("csv")}>{t("ui.table.exportCsv")}</Menu.Item>
          <Menu.Item onClick={() => ask("xlsx")}>{t("ui.table.exportXlsx")}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={long !== null || fetched.isError}
        onClose={close}
        title={t("ui.table.exportLong")}
        closeOnClickOutside={false}
      >
        <Stack gap="md">
          {fetched.error && <ErrorPanel error={fetched.error} />}
          {long && <JobProgress jobId={long.job} onDone={(job) => setReady(job.status === "succeeded")} />}
          {long && isReady && (
            <Button
              onClick={() => fetched.mutate(long.url, { onSuccess: close })}
              loading={fetched.isPending}
            >
              {t("ui.table.exportReady")}
            </Button>
          )}
        </Stack>
      </Modal>
    </>
  );
}
