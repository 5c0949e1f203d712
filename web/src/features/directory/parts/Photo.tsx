import { Avatar, Button, FileButton, Group } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { useSaved } from "../../../ui/useSaved";
import { PEOPLE, type Person } from "../queries";

export function Photo({ person, mayEdit }: { person: Person; mayEdit: boolean }) {
  const { t } = useTranslation();
  const saved = useSaved(PEOPLE);
  const url = `${PEOPLE}${person.id}/photo/`;
  const { mutate, isPending, error } = useMutation({
    mutationFn: (file: File | null) => {
      if (file === null) return writeJson("DELETE", url);
      const form = new FormData();
      form.set("file", file);
      return writeJson("POST", url, form);
    },
    onSuccess: saved,
  });
  if (!person.photo && !mayEdit) return null;
  return (
    <>
      <Group gap="md" mb="md">
        <Avatar
          size={64}
          radius="md"
          src={person.photo && `${person.photo}?v=${person.version}`}
          alt={t("directory.person.photoOf", { name: person.name })}
        />
        {mayEdit && (
          <Group gap="xs">
            <FileButton accept="image/png,image/jpeg" onChange={(file) => file && mutate(file)}>
              {(props) => (
                <Button {...props} size="compact-sm" variant="default" loading={isPending}>
                  {person.photo ? t("directory.person.newPhoto") : t("directory.person.addPhoto")}
                </Button>
              )}
            </FileButton>
            {person.photo && (
              <Button size="compact-sm" variant="subtle" color="madder" onClick={() => mutate(null)}>
                {t("ui.delete")}
              </Button>
            )}
          </Group>
        )}
      </Group>
      {error && (
        <div style={{ marginBlockEnd: "1rem" }}>
          <ErrorPanel error={error} />
        </div>
      )}
    </>
  );
}
