import { Button, FileButton, Group } from "@mantine/core";
import { IconPaperclip } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { useSaved } from "../../../ui/useSaved";
import { LEAVES, type Leave } from "../queries";

/** A certificate: read by whoever sees the leave, put and taken away while it is not decided. */
export function LeaveAttachment({ leave }: { leave: Leave }) {
  const { t } = useTranslation();
  const saved = useSaved(LEAVES);
  const url = `${LEAVES}${leave.id}/attachment/`;
  const { mutate, isPending, error } = useMutation({
    mutationFn: (file: File | null) => {
      if (file === null) return writeJson("DELETE", url);
      const form = new FormData();
      form.set("file", file);
      return writeJson("POST", url, form);
    },
    onSuccess: saved,
  });
  const isOpen = leave.moves.some((move) => move.name === "cancel" && move.allowed);
  const mayEdit = leave.status === "pending" && isOpen;
  if (!leave.attachment && !mayEdit) return null;
  return (
    <>
      <Group gap="xs" mt="md">
        {leave.attachment && (
          <Button
            component="a"
            href={leave.attachment}
            size="compact-sm"
            variant="default"
            leftSection={<IconPaperclip size={16} aria-hidden="true" />}
          >
            {t("directory.leave.attachment")}
          </Button>
        )}
        {mayEdit && (
          <FileButton accept="application/pdf,image/png,image/jpeg" onChange={(file) => file && mutate(file)}>
            {(props) => (
              <Button {...props} size="compact-sm" variant="default" loading={isPending}>
                {leave.attachment ? t("directory.leave.otherAttachment") : t("directory.leave.attach")}
              </Button>
            )}
          </FileButton>
        )}
        {mayEdit && leave.attachment && (
          <Button size="compact-sm" variant="subtle" color="madder" onClick={() => mutate(null)}>
            {t("ui.delete")}
          </Button>
        )}
      </Group>
      {error && (
        <div style={{ marginBlockStart: "1rem" }}>
          <ErrorPanel error={error} />
        </div>
      )}
    </>
  );
}
